"""Adding up what a table looks like, a piece of its rows at a time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl

from modelling.features.files import scan_table
from modelling.features.schema import TABLES, Column, Kind, TableSpec
from modelling.quality.plausible import NO_DAY, plausible_range
from modelling.quality.profile import QUANTILES, ColumnProfile, Profile, TableProfile

ROWS_AT_ONCE = 250_000
# Rows of a piece whose values the quantiles are taken from, evenly spaced; all of them when there are fewer.
SAMPLED_AT_ONCE = 5_000
LEVELS_KEPT = 500


class TableTally:
    """The growing profile of one table. Keys and the outcome are left out: one names rows, the other comes later."""

    def __init__(self, spec: TableSpec) -> None:
        self._spec = spec
        self._columns = [column for column in spec.columns if column.kind is not Kind.KEY and column.name != "target"]
        self._rows = 0
        self._missing: Counter[str] = Counter()
        self._outside: Counter[str] = Counter()
        self._levels: dict[str, Counter[str]] = {one.name: Counter() for one in self._of(Kind.CATEGORY)}
        self._owners = pl.DataFrame(schema={self._owner: pl.Int64})
        self._sample: list[pl.DataFrame] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Take in rows with the columns and types of the schema."""
        values = rows.select(_value(column) for column in self._columns)
        self._rows += rows.height
        self._missing.update(values.null_count().row(0, named=True))
        self._outside.update(values.select(self._is_outside()).sum().row(0, named=True))
        for name, counter in self._levels.items():
            counter.update(dict(values[name].drop_nulls().value_counts().iter_rows()))
        self._owners = pl.concat([self._owners, rows.select(self._owner)]).unique()
        step = -(-rows.height // SAMPLED_AT_ONCE) or 1
        self._sample.append(values.drop(self._levels).gather_every(step))

    def profile(self) -> TableProfile:
        """Give the profile of all rows taken in."""
        sample = pl.concat(self._sample) if self._sample else pl.DataFrame()
        columns = {column.name: self._column(column, sample) for column in self._columns}
        return TableProfile(self._rows, self._owners.height, columns)

    @property
    def _owner(self) -> str:
        return self._spec.parent_key or "sk_id_curr"

    def _of(self, kind: Kind) -> list[Column]:
        return [column for column in self._columns if column.kind is kind]

    def _is_outside(self) -> list[pl.Expr]:
        ranges = {column.name: plausible_range(self._spec.name, column) for column in self._columns}
        return [~pl.col(name).is_between(*within) for name, within in ranges.items() if within]

    def _column(self, column: Column, sample: pl.DataFrame) -> ColumnProfile:
        name = column.name
        levels = dict(self._levels[name].most_common(LEVELS_KEPT)) if name in self._levels else {}
        values = sample[name].drop_nulls() if name in sample.columns else pl.Series()
        quantiles = (values.quantile(at, "nearest") for at in QUANTILES) if len(values) else ()
        return ColumnProfile(
            kind=column.kind.value,
            missing=self._missing[name],
            outside=self._outside[name],
            levels=levels,
            quantiles=tuple(float(value) for value in quantiles if value is not None),
        )


def profile_folder(folder: Path) -> Profile:
    """Return the profile of a folder of Parquet tables, as a snapshot has them; memory does not grow with them.

    Raises TableSchemaError when a table is missing.
    """
    return Profile({name: _profile_file(folder, spec) for name, spec in TABLES.items()})


def _profile_file(folder: Path, spec: TableSpec) -> TableProfile:
    tally, rows = TableTally(spec), scan_table(folder, spec.name)
    for start in range(0, rows.select(pl.len()).collect().item(), ROWS_AT_ONCE):
        tally.add(rows.slice(start, ROWS_AT_ONCE).collect())
    return tally.profile()


def _value(column: Column) -> pl.Expr:
    """Give a column's values; the publisher's "no such day" is none."""
    value = pl.col(column.name)
    is_day = column.kind is Kind.INTEGER and column.name.startswith("days_")
    return pl.when(value != NO_DAY).then(value).alias(column.name) if is_day else value
