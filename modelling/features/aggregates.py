"""The aggregates of one history table, computed: one row a client, by runs of whole numbers.

A subset is cut out once as a smaller frame, and everything wanted of it is taken there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import groupby
from operator import and_

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.features.runs import Flags, Numbers, Real, Runs, Whole
from modelling.features.statistics import Statistics

CLIENT = "sk_id_curr"
ALL = "all"
LIMIT = 2**49  # whole numbers are cut off there (56 billion euros), so that 8,192 rows of one client cannot overflow
_TAKE: Mapping[str, Callable[[Statistics], Whole | Real]] = {
    "known": lambda statistics: statistics.known,
    "total": Statistics.total,
    "mean": Statistics.mean,
    "least": Statistics.least,
    "greatest": Statistics.greatest,
    "deviation": Statistics.deviation,
}


@dataclass(frozen=True)
class Aggregate:
    """One value a client: how (rows, word or a statistic of `_TAKE`), of which column, over which subset."""

    how: str
    column: str
    where: str

    def __post_init__(self) -> None:
        if self.how not in (known := ("rows", "word", *_TAKE)):
            raise ValueError(f"An aggregate is one of {', '.join(known)}; came {self.how!r}.")

    @property
    def subsets(self) -> tuple[str, ...]:
        """Give the names of the subsets whose common rows count; none for all rows."""
        return () if self.where == ALL else tuple(self.where.split("&"))

    @property
    def is_of_numbers(self) -> bool:
        """Tell whether it looks at a column of whole numbers."""
        return self.how in _TAKE


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
        prepared = _Prepared(
            runs=Runs.of(rows[CLIENT]),
            numbers=Numbers.of_each(rows.select(self._numbers())),
            words={column: rows[column] for column in self._words()},
        )
        subsets = {column.name: column.to_numpy() for column in rows.select(self.subsets)}
        return pl.DataFrame(list(self._columns(prepared, subsets, clients.to_numpy())))

    def _numbers(self) -> Iterator[pl.Expr]:
        return (whole_numbers(pl.col(column), scale) for column, scale in self.scales.items())

    def _words(self) -> list[str]:
        return list(dict.fromkeys(one.column for one in self.aggregates if one.how == "word"))

    def _columns(self, prepared: _Prepared, subsets: Mapping[str, Flags], clients: Whole) -> Iterator[pl.Series]:
        for where, wanted in self._by_subset:
            inside = prepared.subset([subsets[name] for name in where], wanted) if where else prepared
            places = np.searchsorted(clients, inside.runs.owners)
            for column, same in groupby(wanted, key=lambda one: one.column):
                statistics = inside.statistics(column, self.scales.get(column, 0))
                for one in same:
                    name = f"{self.prefix}{one.how}|{column}|{one.where}"
                    yield pl.Series(name, inside.take(one, statistics, places, len(clients)), nan_to_null=True)

    @cached_property
    def _by_subset(self) -> tuple[tuple[tuple[str, ...], tuple[Aggregate, ...]], ...]:
        ordered = sorted(self.aggregates, key=lambda one: (one.subsets, one.column))
        return tuple((where, tuple(wanted)) for where, wanted in groupby(ordered, key=lambda one: one.subsets))


@dataclass(frozen=True)
class _Prepared:
    """All rows of a table, or those of a subset: their runs, and the columns looked at, whole numbers and words."""

    runs: Runs
    numbers: Mapping[str, Numbers]
    words: Mapping[str, pl.Series]

    def subset(self, conditions: Sequence[Flags], wanted: Sequence[Aggregate]) -> _Prepared:
        """Cut out the rows on which all conditions hold, with the columns wanted of them."""
        inside = reduce(and_, conditions)
        rows = np.flatnonzero(inside)
        columns = {one.column: one.how for one in wanted if one.column}
        return _Prepared(
            runs=self.runs.within(inside),
            numbers={column: self.numbers[column].at(rows) for column, how in columns.items() if how != "word"},
            words={column: self.words[column].gather(rows) for column, how in columns.items() if how == "word"},
        )

    def statistics(self, column: str, scale: int) -> Statistics | None:
        """Return the statistics of a column of numbers; of rows alone and of words there are none."""
        return Statistics(self.runs, self.numbers[column], scale) if column in self.numbers else None

    def take(
        self, aggregate: Aggregate, statistics: Statistics | None, places: NDArray[np.intp], height: int
    ) -> Whole | Real | pl.Series:
        """Return an aggregate at the places of the clients that have rows; all others have 0 rows or nothing."""
        if aggregate.how == "word":
            return _spread_out(self.words[aggregate.column].gather(self.runs.starts), places, height)
        values = _TAKE[aggregate.how](statistics) if statistics else self.runs.lengths
        is_count = values.dtype == np.int64
        everyone: Whole | Real = np.zeros(height, np.int64) if is_count else np.full(height, np.nan)
        everyone[places] = values
        return everyone


def _spread_out(words: pl.Series, places: NDArray[np.intp], height: int) -> pl.Series:
    rows = np.full(height, len(words), np.int64)
    rows[places] = np.arange(len(words))
    return words.extend_constant(None, 1).gather(rows)


def whole_numbers(values: pl.Expr, scale: int) -> pl.Expr:
    """Return fractions as whole numbers, so many of which make one, cut off at `LIMIT`; whole ones as they are."""
    if scale == 1:
        return values.cast(pl.Int64)
    return (values * scale).clip(-LIMIT, LIMIT).round().cast(pl.Int64)
