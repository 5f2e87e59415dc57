"""How the many rows of a client in one history table become one row, the same to the bit in any company and order.

A sum of floating-point numbers depends on the order it is taken in. So every sum here is taken over whole numbers,
which have no such flaw: amounts as ten-thousandths of a euro, ratios as billionths, days and counts as they are.

A feature names the aggregates it needs by the accessors below (`total`, `mean`, …), each of which reads columns
called `table:how|column|where`; `plan` finds which of them the features of a group name, `aggregates` computes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from modelling.features.aggregates import ALL, SHARE, Aggregate, Plan
from modelling.features.arithmetic import ratio
from modelling.features.schema import TABLES, Kind

EUROS, BILLIONTHS = 10_000, 10**9  # how many whole numbers make one euro, one ratio
LARGEST = 2**13  # cut off there, what a slope is made of stays exact for as many rows: 2^53 is nowhere passed


def trend(name: str, age: pl.Expr, value: pl.Expr) -> dict[str, pl.Expr]:
    """Return the columns that `History.slope` adds up: both whole numbers, their product, the square of the age."""
    both = age.is_not_null() & value.is_not_null()
    ages, values = (pl.when(both).then(one.clip(-LARGEST, LARGEST)) for one in (age, value))
    columns = {"age": ages, "value": values, "product": ages * values, "square": ages * ages}
    return {f"{name}_trend_{part}": column for part, column in columns.items()}


@dataclass(frozen=True)
class History:
    """One history table, seen a client at a time.

    table: its name in `schema.TABLES`.
    rows: what its rows were made into, where one table is seen in two ways; empty for the table's own rows.
    subsets: what may stand as `where`, over the prepared rows; "a&b" are the rows in both. Without being named there,
    "column=word" are the rows with that word, and "column=" those without any.
    scales: for each derived column that holds fractions, how many whole numbers make one (columns of the table
    itself are scaled by their kind).
    """

    table: str
    rows: str = ""
    subsets: Mapping[str, pl.Expr] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)

    def count(self, where: str = ALL) -> pl.Expr:
        """Return how many rows the subset has; 0 for a client without any."""
        return self._read("rows", "", where)

    def share(self, where: str, within: str = ALL) -> pl.Expr:
        """Return the rows of `where` against those of `within`; missing when `within` is empty."""
        if "=" in where and "&" not in where and within == ALL:
            return self._read(SHARE, "", where)
        rows = self._read("rows", "", within)
        return pl.when(rows > 0).then(self._read("rows", "", where) / rows)

    def known(self, column: str, where: str = ALL) -> pl.Expr:
        """Return how many values of the subset are known; 0 for a client without any."""
        return self._read("known", column, where)

    def total(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the sum of the known values of the subset; missing when none is known."""
        return self._read("total", column, where)

    def mean(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the mean of the known values of the subset; missing when none is known."""
        return self._read("mean", column, where)

    def least(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the smallest known value of the subset; missing when none is known."""
        return self._read("least", column, where)

    def greatest(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the greatest known value of the subset; missing when none is known."""
        return self._read("greatest", column, where)

    def deviation(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the standard deviation (n - 1) of the known values; missing when fewer than two are known."""
        return self._read("deviation", column, where)

    def slope(self, name: str, where: str = ALL) -> pl.Expr:
        """Return by how much a value grows in a unit of time, by least squares; missing unless two ages are known.

        name: what `trend` made the columns of. Ages count backwards, so what falls with the age grows with time.
        """
        count = self.known(f"{name}_trend_age", where)
        age, value = self.total(f"{name}_trend_age", where), self.total(f"{name}_trend_value", where)
        both = age * value - count * self.total(f"{name}_trend_product", where)
        return ratio(both, count * self.total(f"{name}_trend_square", where) - age * age)

    def word(self, column: str, where: str) -> pl.Expr:
        """Return the category of a subset that holds at most one row a client; missing when it holds none."""
        return self._read("word", column, where)

    def plan(self, expressions: Iterable[pl.Expr]) -> Plan:
        """Return how to compute every aggregate these expressions read of this table, each once."""
        roots = {root for expression in expressions for root in expression.meta.root_names()}
        names = sorted(root.removeprefix(self._prefix) for root in roots if root.startswith(self._prefix))
        wanted = tuple(Aggregate(*name.split("|")) for name in names)
        subsets = sorted({subset for aggregate in wanted if not aggregate.level for subset in aggregate.subsets})
        columns = sorted({aggregate.column for aggregate in wanted if aggregate.is_of_numbers})
        return Plan(
            prefix=self._prefix,
            aggregates=wanted,
            subsets=tuple(self._condition(subset).fill_null(value=False).alias(subset) for subset in subsets),
            scales={column: self._scale(column) for column in columns},
        )

    @property
    def _prefix(self) -> str:
        return f"{self.table}.{self.rows}:" if self.rows else f"{self.table}:"

    def _condition(self, subset: str) -> pl.Expr:
        column, is_level, word = subset.partition("=")
        if not is_level:
            return self.subsets[subset]
        return pl.col(column) == word if word else pl.col(column).is_null()

    def _read(self, how: str, column: str, where: str) -> pl.Expr:
        return pl.col(f"{self._prefix}{how}|{column}|{where}")

    def _scale(self, column: str) -> int:
        kinds = {known.name: known.kind for known in TABLES[self.table].columns}
        return self.scales.get(column, EUROS if kinds.get(column) is Kind.REAL else 1)
