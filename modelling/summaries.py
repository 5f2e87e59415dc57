"""One feature over a group of clients in figures: its mean, spread, quartiles, and how its values lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelling.encoding import Matrix

BARS = 24  # of many clients; of n few, √n
FEW_VALUES = 12  # a number with no more different values has one bar each
CUTS = (0.01, 0.99)  # the bars stand between; the first and the last hold what lies beyond
QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True)
class Summary:
    """A number over a group; without any value, figures are None. deviation: standard. quantiles: at QUANTILES."""

    clients: int
    missing: int
    mean: float | None
    deviation: float | None
    quantiles: tuple[float, ...] | None


@dataclass(frozen=True)
class Bars:
    """How values lie. edges: one more than counts, or for few values the values themselves, as many as counts."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def are_values(self) -> bool:
        """Tell whether each bar stands for one value."""
        return len(self.edges) == len(self.counts)

    def place(self, value: float) -> int | None:
        """Return the bar a value stands in; None when it is missing, or none of the few values."""
        if np.isnan(value):
            return None
        if self.are_values:
            return self.edges.index(value) if value in self.edges else None
        return int(np.clip(np.searchsorted(self.edges, value, side="right") - 1, 0, len(self.counts) - 1))


def summarise(values: Matrix) -> Summary:
    """Return the figures of a number, computed in float64; NaN counts as missing."""
    known = known_values(values)
    missing = len(values) - len(known)
    if not len(known):
        return Summary(len(values), missing, None, None, None)
    quantiles = tuple(float(each) for each in np.quantile(known, QUANTILES))
    return Summary(len(values), missing, float(known.mean()), float(known.std()), quantiles)


def count_levels(values: Matrix, levels: int) -> tuple[int, ...]:
    """Return how many clients have each level of a category, and last how many have none."""
    codes = np.where(np.isnan(values), levels, values).astype(np.int64)
    return tuple(np.bincount(codes, minlength=levels + 1).tolist())


def most_frequent(counts: Sequence[int], most: int) -> tuple[int, ...]:
    """Return the codes of the `most` levels that most clients have, the most frequent first. counts: clients a code."""
    order = np.argsort(-np.asarray(counts), kind="stable")[:most]
    return tuple(int(code) for code in order if counts[code])


def bars_of(values: Matrix) -> Bars:
    """Return the bars of a number: one a value when they are few, otherwise at most BARS of equal width."""
    known = known_values(values)
    if not len(known):
        return Bars((), ())
    few = _few_values(known)
    if few is not None:
        return Bars(tuple(few.tolist()), tuple(int(np.sum(known == each)) for each in few))
    low, high = np.quantile(known, CUTS)
    if low == high:
        low, high = known.min(), known.max()
    return bars_between(values, np.linspace(low, high, min(BARS, math.ceil(math.sqrt(len(known)))) + 1))


def bars_between(values: Matrix, edges: NDArray[np.float64]) -> Bars:
    """Return the bars at given edges; what lies beyond them stands in the outermost."""
    inside = np.clip(known_values(values), edges[0], edges[-1])
    counts, _ = np.histogram(inside, edges)
    return Bars(tuple(edges.tolist()), tuple(counts.tolist()))


def _few_values(known: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Give the different values when they are few: a small sample says soon that they are not."""
    if len(np.unique(known[:1000])) > FEW_VALUES:
        return None
    found = np.unique(known)
    return found if len(found) <= FEW_VALUES else None


def known_values(values: Matrix) -> NDArray[np.float64]:
    """Return the values that are not missing, in float64."""
    return values[~np.isnan(values)].astype(np.float64)
