"""Rows that stand together owner by owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.uint8]
Months = NDArray[np.int32]
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

    def bounds(self, places: Whole) -> Whole:
        """Return what the kernel takes, one row a run: its first row, the row after its last, and its place."""
        return np.column_stack([self.starts[:-1], self.starts[1:], places])

    def to(self, places: Whole) -> Whole:
        """Return the same, short runs first: a processor foresees the end of a run that is as long as the one before.

        It pays for runs that are gone through many times.
        """
        lengths = np.minimum(np.diff(self.starts), _LONG).astype(np.uint16)
        return self.bounds(places)[np.argsort(lengths, kind="stable")]


# Polars numbers a word alike in every column as long as one column with numbers lives: this one always does.
_KEEPS_NUMBERS = pl.Series([""], dtype=pl.Categorical)


def codes_of(rows: pl.DataFrame, known: Mapping[str, tuple[str | None, ...]]) -> Iterator[tuple[str, Codes]]:
    """Give each of these columns of words with the place of each word among its known ones, or their number if new.

    None among the known words stands for a missing one.
    """
    for column in rows.select(_numbers(pl.col([*known]))) if known else ():
        words = known[column.name]
        came, numbers = column.to_numpy(), _numbers_of(words)
        places = np.full(max(came.max(initial=0), numbers.max(initial=0)) + 2, len(words), np.uint8)
        places[numbers] = np.arange(len(words))
        yield column.name, places[came]


def _numbers(words: pl.Expr) -> pl.Expr:
    """Return Polars' numbers of words, and for a missing one -1, which is the last place of any array."""
    return words.cast(pl.Categorical).to_physical().cast(pl.Int32).fill_null(-1)


@cache
def _numbers_of(words: tuple[str | None, ...]) -> NDArray[np.int32]:
    return pl.select(_numbers(pl.lit(pl.Series(words, dtype=pl.String)))).to_series().to_numpy()
