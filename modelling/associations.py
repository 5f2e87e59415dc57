"""How two features go together over a group of clients: two numbers, a number by category, two categories."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelling.encoding import Matrix
from modelling.summaries import CUTS, Summary, known_values, summarise

LEAST_PAIRS = 4  # Fisher's interval of r divides by √(n - 3)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trend:
    """A straight line through two numbers: y = intercept + slope · x. r: Pearson's, not its square.

    low, high: 95 % interval of r (Fisher). p: of r = 0. None of them exists below LEAST_PAIRS, or when a number never
    differs.
    """

    clients: int
    r: float
    low: float
    high: float
    p: float
    slope: float
    intercept: float


@dataclass(frozen=True)
class Variance:
    """One-way analysis of variance: F, its p, and η², the share of the variance that lies between the levels."""

    f: float
    p: float
    eta_squared: float


@dataclass(frozen=True)
class Contingency:
    """Two categories: χ² with its degrees of freedom and p, and Cramér's V, 0 to 1."""

    chi_squared: float
    degrees: int
    p: float
    cramers_v: float


@dataclass(frozen=True)
class Density:
    """Two numbers as cells: counts[row of y][column of x]; what lies beyond the edges stands in the outermost cells."""

    x_edges: tuple[float, ...]
    y_edges: tuple[float, ...]
    counts: NDArray[np.int64]


def trend_of(x: Matrix, y: Matrix) -> Trend | None:
    """Return the trend of the clients that have both values; None when there is none to tell."""
    from scipy import stats  # noqa: PLC0415  # half a second that a page without statistics need not wait for

    known = ~(np.isnan(x) | np.isnan(y))
    across, up = x[known].astype(np.float64), y[known].astype(np.float64)
    if len(across) < LEAST_PAIRS or not np.ptp(across) or not np.ptp(up):
        return None
    found = stats.pearsonr(across, up)
    interval = found.confidence_interval(0.95)
    r = float(found.statistic)
    slope = r * float(up.std() / across.std())
    return Trend(
        clients=len(across),
        r=r,
        low=float(interval.low) if not math.isnan(interval.low) else r,
        high=float(interval.high) if not math.isnan(interval.high) else r,
        p=float(found.pvalue),
        slope=slope,
        intercept=float(up.mean() - slope * across.mean()),
    )


def density_of(x: Matrix, y: Matrix, *, columns: int, rows: int) -> Density | None:
    """Return how many clients stand in each cell, between the 1st and 99th percentile of either number."""
    known = ~(np.isnan(x) | np.isnan(y))
    if not known.any():
        return None
    x_edges, across = _cells(x[known].astype(np.float64), columns)
    y_edges, up = _cells(y[known].astype(np.float64), rows)
    counts = np.bincount(up * columns + across, minlength=rows * columns).reshape(rows, columns)
    return Density(tuple(x_edges.tolist()), tuple(y_edges.tolist()), counts)


def boxes_of(values: Matrix, codes: Matrix, levels: int) -> tuple[Summary, ...]:
    """Return the figures of a number at each level of a category."""
    return tuple(summarise(values[codes == code]) for code in range(levels))


def variance_of(values: Matrix, codes: Matrix, levels: int) -> Variance | None:
    """Return the analysis of variance of a number by category; None with fewer than two levels, or nothing that varies.

    η² = sum of squares between / total; F = (between / (k - 1)) / (within / (n - k)).
    """
    from scipy import stats  # noqa: PLC0415  # as above

    groups = [known for code in range(levels) if len(known := known_values(values[codes == code]))]
    clients = sum(map(len, groups))
    if len(groups) < 2 or clients <= len(groups):
        return None
    whole = np.concatenate(groups)
    total = float(((whole - whole.mean()) ** 2).sum())
    if not total:
        return None
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    if not within:
        return Variance(math.inf, 0.0, 1.0)
    found = stats.f_oneway(*groups)
    return Variance(float(found.statistic), float(found.pvalue), (total - within) / total)


def table_of(first: Matrix, second: Matrix, levels: tuple[int, int]) -> NDArray[np.int64]:
    """Return how many clients have each pair of levels, first × second; whoever lacks one is not counted."""
    known = ~(np.isnan(first) | np.isnan(second))
    pairs = first[known].astype(np.int64) * levels[1] + second[known].astype(np.int64)
    return np.bincount(pairs, minlength=levels[0] * levels[1]).reshape(levels)


def contingency_of(counts: NDArray[np.int64]) -> Contingency | None:
    """Return χ² (without Yates' correction) and V = √(χ² / (n · (min(rows, columns) - 1))) of a table of counts.

    Levels nobody has do not count; None with fewer than two levels on either side.
    """
    from scipy import stats  # noqa: PLC0415  # as above

    kept = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(kept.shape, default=0) < 2:
        return None
    found = stats.chi2_contingency(kept, correction=False)
    strength = math.sqrt(found.statistic / (kept.sum() * (min(kept.shape) - 1)))
    return Contingency(float(found.statistic), int(found.dof), float(found.pvalue), strength)


def _cells(values: Floats, count: int) -> tuple[Floats, NDArray[np.int64]]:
    low, high = np.quantile(values, CUTS)
    if low == high:
        low, high = values.min(), values.max() if values.max() > values.min() else values.min() + 1
    places = ((values - low) * (count / (high - low))).astype(np.int64)
    return np.linspace(low, high, count + 1), np.clip(places, 0, count - 1)
