"""Rows that stand together owner by owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.uint8]
_LONG = np.iinfo(np.uint16).max  # numbers of 16 bits are sorted fastest


@dataclass(frozen=True)
class Runs:
    """Where each owner's rows start: the first row of each run and, at the end, the number of rows."""

    starts: Whole

    @classmethod
    def of(cls, keys: pl.Series) -> Runs:
        """Cut rows at each change of their key."""
        owners = keys.to_numpy()
        changes = np.ones(len(owners), np.bool_)
        np.not_equal(owners[1:], owners[:-1], out=changes[1:])
        return cls.at(changes)

    @classmethod
    def at(cls, is_first: Flags) -> Runs:
        """Cut rows where one is the first of its run; the first row of all is."""
        return cls(np.append(np.flatnonzero(is_first), len(is_first)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def firsts(self) -> Whole:
        """Give the first row of each run."""
        return self.starts[:-1]

    def to(self, places: Whole) -> Whole:
        """Return what the kernel takes, one row a run: its first row, the row after its last, and its place.

        Short runs come first: a processor foresees the end of a run that is as long as the one before.
        """
        lengths = np.minimum(np.diff(self.starts), _LONG).astype(np.uint16)
        return np.column_stack([self.starts[:-1], self.starts[1:], places])[np.argsort(lengths, kind="stable")]


def codes_of(words: pl.Series, known: Sequence[str | None]) -> Codes:
    """Return the place of each word among the known ones, where None stands for a missing one; their number if new."""
    # Polars numbers a word alike in every column, but only as long as one with numbers lives: both must, at once.
    coded, named = words.cast(pl.Categorical), pl.Series(known, dtype=pl.Categorical)
    came, numbers = coded.to_physical(), named.to_physical()
    last = max((one for one in (came.max(), numbers.max()) if isinstance(one, int)), default=0)
    places = np.full(last + 2, len(known), np.uint8)
    places[numbers.fill_null(last + 1).to_numpy()] = np.arange(len(known))
    codes: Codes = places[came.fill_null(last + 1).to_numpy()]
    return codes
