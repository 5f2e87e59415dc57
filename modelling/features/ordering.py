"""The order rows of a history table are looked at in: by rising whole numbers of their own, the missing first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import polars as pl

from modelling.features.runs import Flags, Runs

_BITS = 63
_BEFORE_ALL = -(2**62)


def ordered(rows: pl.DataFrame, *keys: str | pl.Expr) -> pl.DataFrame:
    """Return the rows by rising keys; rows that are in order already, as those of a snapshot are, are not moved."""
    return rows if rises(rows, *keys) else rows[_places(rows.select(keys))]


def together(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the rows with those of one key together; where they stand so already, none is moved."""
    return rows if stand_together(rows[key]) else ordered(rows, key)


def stand_together(keys: pl.Series) -> bool:
    """Tell whether rows of one key follow each other without another's between them."""
    firsts = Runs.of(keys).firsts
    return keys.gather(firsts).n_unique() == len(firsts)


def are_distinct(rows: pl.DataFrame) -> bool:
    """Tell whether no row repeats; rows in order, as those of a snapshot are, need no looking up.

    In order are rows that rise by all their columns, or by the later ones where those of one first stand together.
    """
    first, *later = rows.columns
    if rises(rows, first, *later, strictly=True):
        return True
    runs = Runs.of(rows[first])
    numbered = pl.Series(first, np.repeat(np.arange(len(runs)), np.diff(runs.starts)))
    in_order = stand_together(rows[first]) and rises(rows.with_columns(numbered), first, *later, strictly=True)
    return in_order or rows.n_unique() == rows.height


def rises(rows: pl.DataFrame, *keys: str | pl.Expr, strictly: bool = False) -> bool:
    """Tell whether each row comes after the one above it by these keys, the first of them that differs deciding.

    strictly: no two rows may have the same keys. A later key is looked at only where rows are tied so far.
    """
    tied = pl.Series([True]).new_from_index(0, max(rows.height - 1, 0))
    for key in keys:
        column = rows.get_column(key) if isinstance(key, str) else rows.select(key).to_series()
        known = column.cast(pl.Int64).fill_null(_BEFORE_ALL) if column.null_count() else column
        above, below = known[:-1], known[1:]
        if (tied & (below < above)).any():
            return False
        tied &= below == above
        if not tied.any():
            return True
    return not strictly


def rank(rows: pl.DataFrame, *keys: pl.Expr) -> pl.Series:
    """Return how many of its owner's rows come before a row by rising keys.

    keys: the owner's first; owners rise from row to row.
    """
    columns = rows.select(keys)
    runs = Runs.of(columns.to_series())
    ranks = np.empty(rows.height, np.int64)
    ranks[_places(columns).to_numpy()] = np.arange(rows.height)
    return pl.Series(ranks - np.repeat(runs.firsts, np.diff(runs.starts)))


def is_first_of(rows: pl.DataFrame, *keys: str) -> Flags:
    """Return which rows differ in any of these keys from the row above them."""
    is_first = rows.select(_differs(keys)).to_series().to_numpy(writable=True)
    is_first[:1] = True
    return is_first


@cache
def _differs(keys: tuple[str, ...]) -> pl.Expr:
    """Return whether a row differs from the one above it in any of these columns."""
    return pl.any_horizontal(pl.col(key).ne_missing(pl.col(key).shift(1)) for key in keys)


def is_last_of(rows: pl.DataFrame, *keys: str) -> Flags:
    """Return which rows differ in any of these keys from the row below them."""
    return np.append(is_first_of(rows, *keys)[1:], values=True)[: rows.height]


def _places(columns: pl.DataFrame) -> pl.Series:
    """Return where the rows stand that come first, second …, by rising columns.

    Sorting by one number is several times quicker than by many columns: where they fit side by side into 63 bits,
    as those of the published tables do, they make one.
    """
    ends = [_ends(column) for column in columns]
    lows, widths = [low - 1 for low, _ in ends], [(high - low + 1).bit_length() for low, high in ends]
    if sum(widths) > _BITS:
        return columns.select(pl.arg_sort_by(columns.columns)).to_series()
    return columns.select(_side_by_side(columns.columns, lows, widths)).to_series().arg_sort()


def _side_by_side(names: Sequence[str], lows: Sequence[int], widths: Sequence[int]) -> pl.Expr:
    packed = pl.lit(0, pl.Int64)
    for name, low, width in zip(names, lows, widths, strict=True):
        packed = packed * (1 << width) + (pl.col(name).cast(pl.Int64) - low).fill_null(0)
    return packed


def _ends(column: pl.Series) -> tuple[int, int]:
    low, high = column.min(), column.max()
    return (low, high) if isinstance(low, int) and isinstance(high, int) else (0, 0)
