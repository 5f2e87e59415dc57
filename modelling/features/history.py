"""How the many rows of a client in one history table become one row, the same to the bit in any company and order.

A sum of floating-point numbers depends on the order it is taken in, and a parallel engine does not promise one. So
every sum here is taken over whole numbers, which have no such flaw: amounts as ten-thousandths of a euro, ratios as
billionths, days and counts as they are. What features divide or subtract comes after, once per client.

A feature names the aggregates it needs by the accessors below (`total`, `mean`, …), each of which reads columns
called `table:how|column|where`; `plan` finds which of them the features of a group name, `run` computes each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

import polars as pl

from modelling.features.schema import TABLES, Kind

CLIENT = "sk_id_curr"
ALL = "all"
EUROS, BILLIONTHS = 10_000, 10**9  # how many whole numbers make one euro, one ratio
LIMIT = 10**15  # whole numbers are cut off there, so that 9,000 rows of one client cannot overflow a sum


@dataclass(frozen=True)
class History:
    """One history table, seen a client at a time.

    table: its name in `schema.TABLES`.
    subsets: what may stand as `where`, over the prepared rows; "a&b" are the rows in both.
    scales: for each derived column that holds fractions, how many whole numbers make one (columns of the table
    itself are scaled by their kind).
    """

    table: str
    subsets: Mapping[str, pl.Expr] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)

    def count(self, where: str = ALL) -> pl.Expr:
        """Return how many rows the subset has; 0 for a client without any."""
        return self._read("rows", "", where).fill_null(0)

    def share(self, where: str, within: str = ALL) -> pl.Expr:
        """Return the rows of `where` against those of `within`; missing when `within` is empty."""
        rows = self._read("rows", "", within)
        return pl.when(rows > 0).then(self._read("rows", "", where) / rows)

    def total(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the sum of the known values of the subset; missing when none is known."""
        known = self._read("known", column, where)
        return pl.when(known > 0).then(self._read("sum", column, where) / self._scale(column))

    def mean(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the mean of the known values of the subset; missing when none is known."""
        known = self._read("known", column, where)
        return pl.when(known > 0).then(self._read("sum", column, where) / (known * self._scale(column)))

    def least(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the smallest known value of the subset; missing when none is known."""
        return self._read("min", column, where) / self._scale(column)

    def greatest(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the greatest known value of the subset; missing when none is known."""
        return self._read("max", column, where) / self._scale(column)

    def deviation(self, column: str, where: str = ALL) -> pl.Expr:
        """Return the standard deviation (n - 1) of the known values; missing when fewer than two are known."""
        known = self._read("known", column, where).cast(pl.Int128)
        total = self._read("sum", column, where).cast(pl.Int128)
        spread = (known * self._read("squares", column, where) - total * total).cast(pl.Float64)
        pairs = (known * (known - 1)).cast(pl.Float64)
        return pl.when(known > 1).then((spread / pairs).sqrt() / self._scale(column))

    def word(self, column: str, where: str) -> pl.Expr:
        """Return the category of a subset that holds at most one row a client; missing when it holds none."""
        return self._read("word", column, where)

    def plan(self, expressions: Iterable[pl.Expr]) -> Plan:
        """Return how to compute every aggregate these expressions read of this table, each once."""
        roots = {root for expression in expressions for root in expression.meta.root_names()}
        names = sorted(root for root in roots if root.startswith(f"{self.table}:"))
        wanted = [Aggregate(*name.removeprefix(f"{self.table}:").split("|")) for name in names]
        subsets = {one for aggregate in wanted for one in aggregate.where.split("&") if one != ALL}
        whole = {aggregate.whole_name: self._whole(aggregate) for aggregate in wanted}
        return Plan(
            subsets=tuple(self.subsets[one].fill_null(value=False).alias(f"?{one}") for one in sorted(subsets)),
            whole=tuple(expression.alias(name) for name, expression in whole.items()),
            aggregates=tuple(a.expression().alias(name) for name, a in zip(names, wanted, strict=True)),
        )

    def _whole(self, aggregate: Aggregate) -> pl.Expr:
        """Return the column as whole numbers, missing outside the subset; for `rows`, the subset itself."""
        inside = None if aggregate.where == ALL else reduce(and_, (pl.col(f"?{one}") for one in aggregate.subsets))
        if aggregate.how == "rows":
            return pl.lit(value=True) if inside is None else inside
        values = pl.col(aggregate.column)
        if aggregate.how != "word":
            values = _whole_numbers(values, self._scale(aggregate.column))
        return values if inside is None else pl.when(inside).then(values)

    def _read(self, how: str, column: str, where: str) -> pl.Expr:
        return pl.col(f"{self.table}:{how}|{column}|{where}")

    def _scale(self, column: str) -> int:
        kinds = {known.name: known.kind for known in TABLES[self.table].columns}
        return self.scales.get(column, EUROS if kinds.get(column) is Kind.REAL else 1)


@dataclass(frozen=True)
class Aggregate:
    """One number a client: how (rows, known, sum, squares, min, max, word), of which column, over which subset."""

    how: str
    column: str
    where: str

    @property
    def subsets(self) -> tuple[str, ...]:
        """Give the names of the subsets whose common rows count."""
        return tuple(self.where.split("&"))

    @property
    def whole_name(self) -> str:
        """Give the name of the column of whole numbers it is taken over."""
        return f"{self.column}|{self.where}"

    def expression(self) -> pl.Expr:
        """Return it over the rows of one client; no operation here depends on their order."""
        values = pl.col(self.whole_name)
        match self.how:
            case "rows" | "sum":
                return values.sum().cast(pl.Int64)
            case "known":
                return values.count().cast(pl.Int64)
            case "squares":
                return (values.cast(pl.Int128) * values.cast(pl.Int128)).sum()
            case "min":
                return values.min()
            case "max" | "word":
                return values.max()
        raise ValueError(f"An aggregate is rows, known, sum, squares, min, max or word; came {self.how!r}.")


@dataclass(frozen=True)
class Plan:
    """The aggregates of one table, ready to run: subsets first, then whole numbers, then one row a client."""

    subsets: tuple[pl.Expr, ...]
    whole: tuple[pl.Expr, ...]
    aggregates: tuple[pl.Expr, ...]

    def run(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return `sk_id_curr` and the aggregates, one row a client that has rows, in no promised order.

        rows: those of the table, prepared: with every column that a subset or an aggregate names.
        """
        return rows.with_columns(self.subsets).select(CLIENT, *self.whole).group_by(CLIENT).agg(self.aggregates)


def _whole_numbers(values: pl.Expr, scale: int) -> pl.Expr:
    if scale == 1:
        return values.cast(pl.Int64)
    return (values * scale).clip(-LIMIT, LIMIT).round().cast(pl.Int64)
