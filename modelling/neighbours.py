"""The clients most like one: an exact search over a matrix of standardised values.

Two clients stand as far apart as their values differ, feature by feature, each counted in its own spread:

- a number is cut at the 1st and 99th percentile of the population, so that a few enormous incomes do not make all
  others alike, then centred on its mean and divided by its standard deviation;
- a missing number stands at the mean, with a second coordinate that says so. Then two clients without a value are
  alike in it, and one with beside one without differ by 2 on average, as two clients drawn at random do. (A distance
  over the shared features alone would call near whoever shares little.)
- a category has one coordinate a level, missing being one: another word counts 2 as well.

Distances are sums of squares. ‖x - q‖² is searched as ‖x‖² - 2 x·q in float32, which rounds; so all that rounding could
have kept out of the nearest are measured again in float64.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from modelling.columns import Columns
from modelling.encoding import Matrix

MATRIX, SCALES, NORMS = "likeness.f32", "likeness.json", "norms.f32"
CUTS = (0.01, 0.99)
ROWS_AT_ONCE = 20_000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """How one feature becomes coordinates. levels: of a category, missing not among them; 0 for a number.

    low, high: where numbers are cut. middle, spread: their mean and standard deviation then.
    """

    feature: str
    levels: int
    low: float = 0.0
    high: float = 0.0
    middle: float = 0.0
    spread: float = 1.0

    @property
    def width(self) -> int:
        """Give how many coordinates it takes."""
        return self.levels + 1 if self.levels else 2

    def coordinates(self, values: Matrix) -> Matrix:
        """Return n × width coordinates of n values, as the columns hold them."""
        missing = np.isnan(values)
        found = np.zeros((len(values), self.width), dtype=np.float32)
        if self.levels:
            found[np.arange(len(values)), np.where(missing, self.levels, values).astype(np.int64)] = 1.0
            return found
        cut = np.clip(values.astype(np.float64), self.low, self.high)
        found[:, 0] = np.where(missing, 0.0, (cut - self.middle) / self.spread)
        found[:, 1] = missing
        return found


@dataclass(frozen=True)
class Neighbours:
    """The nearest first. places: in the columns. apart: count × features, what each adds to the squared distance."""

    places: NDArray[np.int64]
    distances: Floats
    apart: Floats


@dataclass(frozen=True)
class Likeness:
    """The matrix, n × coordinates, and what made it."""

    scales: tuple[Scale, ...]
    points: Matrix
    norms: NDArray[np.float32]

    @property
    def features(self) -> tuple[str, ...]:
        """Give the features that count."""
        return tuple(scale.feature for scale in self.scales)

    def point(self, values: Mapping[str, float]) -> Matrix:
        """Return the coordinates of one client, values as the columns hold them; one that is not named is missing."""
        own = [np.array([values.get(scale.feature, np.nan)], dtype=np.float32) for scale in self.scales]
        parts = [scale.coordinates(value) for scale, value in zip(self.scales, own, strict=True)]
        found: Matrix = np.concatenate(parts, axis=1)[0]
        return found

    def nearest(self, point: Matrix, count: int, *, leave_out: NDArray[np.bool_]) -> Neighbours:
        """Return the `count` clients nearest to a point, equally near ones by their place; fewer when there are fewer.

        leave_out: n, true for the client himself.
        """
        rough = self.norms - 2 * (self.points @ point)
        rough[leave_out] = np.inf
        count = min(count, int((~leave_out).sum()))
        if not count:
            return Neighbours(np.empty(0, dtype=np.int64), np.empty(0), np.empty((0, len(self.scales))))
        limit = np.partition(rough, count - 1)[count - 1] + 2 * self._rounding(point)
        candidates = np.flatnonzero(rough <= limit)
        squares = (self.points[candidates].astype(np.float64) - point) ** 2
        order = np.lexsort((candidates, squares.sum(axis=1)))[:count]
        starts = np.cumsum([0, *(scale.width for scale in self.scales)])[:-1]
        apart = np.add.reduceat(squares[order], starts, axis=1)
        return Neighbours(candidates[order], np.sqrt(squares[order].sum(axis=1)), apart)

    def _rounding(self, point: Matrix) -> float:
        """Bound what float32 may have added to or taken off a rough distance (Higham 2002, 3.1)."""
        largest, own = float(np.sqrt(self.norms.max())), float(np.linalg.norm(point))
        return (len(point) + 2) * 2.0**-24 * (largest**2 + 2 * largest * own)


def lay_out(columns: Columns, features: Sequence[str]) -> Likeness:
    """Write the matrix of these features beside the columns, and open it; a feature that never differs is left out."""
    scales = [scale for name in features if (scale := _scale(columns, name))]
    width = sum(scale.width for scale in scales)
    points = np.memmap(columns.folder / MATRIX, "<f4", "w+", shape=(len(columns), width))
    norms = np.memmap(columns.folder / NORMS, "<f4", "w+", shape=(len(columns),))
    for rows in _slices(len(columns)):
        block = np.concatenate([scale.coordinates(columns.column(scale.feature)[rows]) for scale in scales], axis=1)
        points[rows] = block
        norms[rows] = (block.astype(np.float64) ** 2).sum(axis=1)
    points.flush()
    norms.flush()
    facts = {"scales": [asdict(scale) for scale in scales]}
    (columns.folder / SCALES).write_text(json.dumps(facts), encoding="utf-8")
    return open_likeness(columns.folder, len(columns))


def open_likeness(folder: Path, clients: int) -> Likeness:
    """Open what `lay_out` wrote."""
    facts = json.loads((folder / SCALES).read_text(encoding="utf-8"))
    scales = tuple(Scale(**each) for each in facts["scales"])
    width = sum(scale.width for scale in scales)
    return Likeness(
        scales=scales,
        points=np.memmap(folder / MATRIX, "<f4", "r", shape=(clients, width)),
        norms=np.memmap(folder / NORMS, "<f4", "r", shape=(clients,)),
    )


def _scale(columns: Columns, feature: str) -> Scale | None:
    values, levels = columns.column(feature), columns.levels(feature)
    if levels is not None:
        return Scale(feature, len(levels)) if levels else None
    known = values[~np.isnan(values)].astype(np.float64)
    if not len(known):
        return None
    low, high = np.quantile(known, CUTS)
    cut = np.clip(known, low, high)
    spread = float(cut.std())
    if not spread and len(known) == len(values):
        return None
    return Scale(feature, 0, float(low), float(high), float(cut.mean()), spread or 1.0)


def _slices(rows: int) -> Iterator[slice]:
    for start in range(0, rows, ROWS_AT_ONCE):
        yield slice(start, min(start + ROWS_AT_ONCE, rows))
