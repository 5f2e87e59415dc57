"""The aggregates of one history table, computed: one row an owner, every subset of every column in one go.

What is to be taken of the rows becomes a list of jobs; the loops over the rows are those of `kernel`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from modelling.features.runs import Flags, Real, Runs, Whole, codes_of

CLIENT = "sk_id_curr"
ALL = "all"
# What a job can take: of a column of numbers, and of the rows themselves. The kernel knows them by their place.
OF_NUMBERS = ("known", "total", "mean", "least", "greatest", "deviation")
OF_ROWS = ("rows", "word")
SHARE = "share"  # of the rows with one word of a column, counted for all words in one look
_COUNTS = ("rows", "known")
_NOWHERE = -1
_CELLS_AT_HAND = 250_000  # what a processor keeps near it


@dataclass(frozen=True)
class Aggregate:
    """One value an owner: how (one of `OF_NUMBERS`, `OF_ROWS` or `SHARE`), of which column, over which subset."""

    how: str
    column: str
    where: str

    def __post_init__(self) -> None:
        if self.how not in (known := (*OF_ROWS, *OF_NUMBERS, SHARE)):
            raise ValueError(f"An aggregate is one of {', '.join(known)}; came {self.how!r}.")

    @property
    def subsets(self) -> tuple[str, ...]:
        """Give the names of the subsets whose common rows count; none for all rows."""
        return () if self.where == ALL else tuple(self.where.split("&"))

    @property
    def level(self) -> tuple[str, str | None] | None:
        """Give the column and its word, or None for a missing one, of the share of rows with it; else None."""
        column, _, word = self.where.partition("=")
        return (column, word or None) if self.how == SHARE else None

    @property
    def is_of_numbers(self) -> bool:
        """Tell whether it looks at a column of numbers."""
        return self.how in OF_NUMBERS


@dataclass(frozen=True)
class Plan:
    """The aggregates of one table, ready to run.

    prefix: what the names of its columns begin with.
    subsets: conditions over the prepared rows, each called by its name.
    scales: for each column of numbers that is looked at, how many whole numbers make one.
    """

    prefix: str
    aggregates: tuple[Aggregate, ...]
    subsets: tuple[pl.Expr, ...]
    scales: Mapping[str, int]

    def run(self, rows: pl.DataFrame, clients: pl.Series) -> pl.DataFrame:
        """Return the aggregates, one row for each of these clients in their order, missing where nothing is known.

        Of a client without rows, `rows` and `known` are 0. rows: those of the table, prepared: with every column that
        a subset or an aggregate names, each client's together, clients rising. clients: rising, with every one that
        has rows.
        """
        runs = Runs.of(rows[CLIENT])
        owners = rows[CLIENT].to_numpy()[runs.firsts]
        return self._aggregates(rows, runs.to(np.searchsorted(clients.to_numpy(), owners)), len(clients))

    def run_each(self, rows: pl.DataFrame, runs: Runs) -> pl.DataFrame:
        """Return the aggregates, one row for each of these runs of rows."""
        return self._aggregates(rows, runs.to(np.arange(len(runs))), len(runs))

    def _aggregates(self, rows: pl.DataFrame, runs: Whole, height: int) -> pl.DataFrame:
        from modelling.features import kernel  # noqa: PLC0415  see there

        taken = np.full((len(self.aggregates), height), np.nan)
        taken[[one.how in _COUNTS for one in self.aggregates]] = 0
        flags = self._flags(rows)
        kernel.look_at_rows(runs, flags, self._jobs[""], taken)
        for name, codes in codes_of(rows, {column: tuple(levels) for column, levels in self._levels.items()}):
            levels = self._levels[name]
            counts = np.zeros((len(levels) + 1, height))
            kernel.count_codes(runs, codes, counts)
            with np.errstate(invalid="ignore"):  # nought of nought is missing
                taken[[*levels.values()]] = counts[:-1] / counts.sum(axis=0)
        for column in self._numbers(rows):
            jobs, scale = self._jobs[column.name], self.scales[column.name]
            kernel.look_at_numbers(runs, column.to_numpy(), scale, flags, jobs, taken)
        return pl.DataFrame(list(self._columns(rows, taken)))

    def _numbers(self, rows: pl.DataFrame) -> Iterator[pl.Series]:
        """Give the columns of numbers, NaN where missing: of many rows one by one, so that each is still at hand."""
        columns = self._fractions
        at_once = max(1, _CELLS_AT_HAND // max(1, rows.height))
        for start in range(0, len(columns), at_once):
            yield from rows.select(columns[start : start + at_once])

    def _flags(self, rows: pl.DataFrame) -> Flags:
        """Return a row of flags for each place where an aggregate looks: those common to its subsets."""
        conditions = {column.name: column.to_numpy() for column in rows.select(self.subsets)}
        flags = np.empty((len(self._wheres), rows.height), np.bool_)
        for place, where in enumerate(self._wheres):
            flags[place] = conditions[where[0]] if where else True
            for name in where[1:]:
                flags[place] &= conditions[name]
        return flags

    def _columns(self, rows: pl.DataFrame, taken: Real) -> Iterator[pl.Series]:
        """Cut what was taken into columns: words by the row they stand on, all else as it is."""
        values, height = pl.Series(taken.ravel(), nan_to_null=True), taken.shape[1]
        for place, one in enumerate(self.aggregates):
            column = values.slice(place * height, height)
            if one.how == "word":
                column = rows[one.column].gather(column.cast(pl.UInt32))
            yield column.alias(f"{self.prefix}{one.how}|{one.column}|{one.where}")

    @cached_property
    def _fractions(self) -> list[pl.Expr]:
        return [pl.col(name).cast(pl.Float64).fill_null(math.nan) for name in self.scales]

    @cached_property
    def _wheres(self) -> list[tuple[str, ...]]:
        return list(dict.fromkeys(one.subsets for one in self.aggregates if not one.level))

    @cached_property
    def _levels(self) -> Mapping[str, Mapping[str | None, int]]:
        """Return by column which row of the result takes the share of the rows with each word."""
        levels: dict[str, dict[str | None, int]] = {}
        for place, one in enumerate(self.aggregates):
            if one.level:
                column, word = one.level
                levels.setdefault(column, {})[word] = place
        return levels

    @cached_property
    def _jobs(self) -> Mapping[str, Whole]:
        """Return what the kernel is to do, by column of numbers and, under no name, over the rows themselves.

        A job: the subset, then for each thing it may tell its row in the result.
        """
        jobs: dict[str, dict[tuple[str, str], list[int]]] = {name: {} for name in ("", *self.scales)}
        for place, one in enumerate(self.aggregates):
            if one.level:
                continue
            nowhere = [self._wheres.index(one.subsets)] + [_NOWHERE] * len(OF_NUMBERS)
            of_column = jobs[one.column if one.is_of_numbers else ""]
            job = of_column.setdefault((one.column, one.where), nowhere)
            job[1 + (OF_NUMBERS if one.is_of_numbers else OF_ROWS).index(one.how)] = place
        return {name: _array(of_column.values()) for name, of_column in jobs.items()}


def _array(jobs: Iterable[list[int]]) -> Whole:
    return np.array([*jobs], np.int64).reshape(-1, 1 + len(OF_NUMBERS))
