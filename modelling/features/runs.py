"""Rows that stand together owner by owner, and exact counts, sums and extremes of each owner's run of them.

Everything is over whole numbers. A sum is the difference of two running totals: these may wrap around, their
difference does not, so that a run's sum is the same to the bit whatever stands before it and in whatever order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
_Running = TypeVar("_Running", np.int32, np.int64)

# A distance up to 2^50 is squared in two halves of 25 bits, so that the squares of 8,192 rows add up within 63 bits.
_HALF = 25
_FEW = 1.3  # rows a run
_LOW = (1 << _HALF) - 1
_LARGEST, _SMALLEST = np.iinfo(np.int64).max, np.iinfo(np.int64).min


@dataclass(frozen=True)
class Numbers:
    """A column of whole numbers. values: 0 where missing; known: which are not, None when all are known."""

    values: Whole
    known: Flags | None

    @classmethod
    def of(cls, column: pl.Series) -> Numbers:
        """Take a column of Int64."""
        return cls.of_each(column.to_frame())[column.name]

    @classmethod
    def of_each(cls, columns: pl.DataFrame) -> dict[str, Numbers]:
        """Take columns of Int64, by name; all at once, for a call a column would be felt with a single client."""
        gaps = [column.name for column in columns if column.null_count()]
        known = {column.name: column.to_numpy() for column in columns.select(pl.col(gaps).is_not_null())}
        filled = columns.with_columns(pl.col(gaps).fill_null(0)) if gaps else columns
        return {column.name: cls(column.to_numpy(), known.get(column.name)) for column in filled}

    def at(self, rows: NDArray[np.intp]) -> Numbers:
        """Return some of its rows."""
        return Numbers(self.values[rows], None if self.known is None else self.known[rows])

    def or_else(self, other: int) -> Whole:
        """Return the values with another number where one is missing."""
        return self.values if self.known is None else np.where(self.known, self.values, other)


@dataclass(frozen=True)
class Runs:
    """Where each owner's rows start.

    owners: rising, one a run. starts: the first row of each run. height: rows in all.
    """

    owners: Whole
    starts: NDArray[np.intp]
    height: int

    @classmethod
    def of(cls, keys: pl.Series) -> Runs:
        """Cut rows at each change of their key; the keys must rise."""
        owners = keys.to_numpy()
        changes = np.ones(len(owners), np.bool_)
        np.not_equal(owners[1:], owners[:-1], out=changes[1:])
        starts = np.flatnonzero(changes)
        return cls(owners[starts], starts, len(owners))

    @cached_property
    def ends(self) -> NDArray[np.intp]:
        """Give the row after the last of each run."""
        return np.append(self.starts[1:], self.height) if self.height else self.starts

    @cached_property
    def lengths(self) -> Whole:
        """Give how many rows each run has."""
        return self.ends - self.starts

    def within(self, flags: Flags) -> Runs:
        """Return the runs of the flagged rows alone."""
        counts = self.count(flags)
        kept = np.flatnonzero(counts)
        ends = np.cumsum(counts[kept])
        return Runs(self.owners[kept], ends - counts[kept], int(counts.sum()))

    def count(self, flags: Flags) -> Whole:
        """Return how many rows of each run are flagged."""
        return self._differences(np.cumsum(flags, dtype=np.int32)).astype(np.int64)

    def total(self, values: Whole) -> Whole:
        """Return the sum of each run."""
        return self._differences(np.cumsum(values))

    def known(self, numbers: Numbers) -> Whole:
        """Return how many numbers of each run are known."""
        return self.lengths if numbers.known is None else self.count(numbers.known)

    def least(self, numbers: Numbers) -> Whole:
        """Return the smallest known number of each run; what stands for a run without any means nothing."""
        return self._reduced(np.minimum, numbers.or_else(_LARGEST))

    def greatest(self, numbers: Numbers) -> Whole:
        """Return the greatest known number of each run; what stands for a run without any means nothing."""
        return self._reduced(np.maximum, numbers.or_else(_SMALLEST))

    def spread(self, numbers: Numbers, total: Whole, known: Whole) -> Real:
        """Return the sum of squared distances of each run's known numbers from their mean.

        Distances are taken from the mean rounded down, so that they are whole; what rounding adds is taken off again.
        """
        known = np.maximum(known, 1)
        centre = total // known
        distances = np.abs(numbers.values - np.repeat(centre, self.lengths))
        if numbers.known is not None:
            distances *= numbers.known
        rest = (total - centre * known).astype(np.float64)
        return np.maximum(self._squares(distances) - rest * rest / known, 0)

    def _squares(self, distances: Whole) -> Real:
        low, high = distances & _LOW, distances >> _HALF
        squares = self.total(low * low).astype(np.float64)
        if high.any():
            squares += self.total(high * low) * 2.0 ** (_HALF + 1) + self.total(high * high) * 2.0 ** (2 * _HALF)
        return squares

    def _reduced(self, take: np.ufunc, values: Whole) -> Whole:
        """Reduce each run; where most have one row alone, look at the others only, which is quicker."""
        if self.height > _FEW * len(self.starts):
            return np.asarray(take.reduceat(values, self.starts))
        reduced, is_long = values[self.starts], self.lengths > 1
        lengths = self.lengths[is_long]
        if len(lengths):
            rows = values[np.repeat(is_long, self.lengths)]
            reduced[is_long] = take.reduceat(rows, np.cumsum(lengths) - lengths)
        return reduced

    def _differences(self, running: NDArray[_Running]) -> NDArray[_Running]:
        sums = running[self.ends - 1]
        sums[1:] -= sums[:-1].copy()
        return sums
