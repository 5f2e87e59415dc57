"""Features of a folder of Parquet tables, a range of clients at a time: memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from modelling.errors import TableSchemaError
from modelling.features.schema import TABLES, TableSpec
from modelling.features.tables import Tables

CLIENTS_AT_ONCE = 20_000


def each_range(folder: Path, *, clients: int = CLIENTS_AT_ONCE) -> Iterator[Tables]:
    """Give the tables of so many clients at a time, by rising number; together they hold every application once.

    folder: one Parquet file a table, as a snapshot has them. Only the parts of a file that may hold the range are read,
    which is quick where a client's rows stand together. Raises TableSchemaError when there is no application.
    """
    tables = {name: _scan(folder, spec) for name, spec in TABLES.items()}
    known = tables["application"].select("sk_id_curr").collect().to_series().sort()
    if known.is_empty():
        raise TableSchemaError(f"{folder} holds no application.")
    for start in range(0, len(known), clients):
        few = known[start : start + clients]
        yield _range(tables, few[0], few[-1])


def _range(tables: dict[str, pl.LazyFrame], first: int, last: int) -> Tables:
    within = pl.col("sk_id_curr").is_between(first, last)
    frames = {name: rows.filter(within).collect() for name, rows in tables.items() if name != "bureau_balance"}
    frames["bureau_balance"] = _balances(tables["bureau_balance"], frames["bureau"]["sk_id_bureau"])
    return Tables.of(frames)


def _balances(rows: pl.LazyFrame, credits_elsewhere: pl.Series) -> pl.DataFrame:
    key = pl.col("sk_id_bureau")
    within = key.is_between(credits_elsewhere.min(), credits_elsewhere.max())
    return rows.filter(within).filter(key.is_in(credits_elsewhere.implode())).collect()


def _scan(folder: Path, spec: TableSpec) -> pl.LazyFrame:
    path = folder / f"{spec.name}.parquet"
    if not path.is_file():
        raise TableSchemaError(f"{folder} lacks {path.name}; it should hold one Parquet file for each of {[*TABLES]}.")
    return pl.scan_parquet(path)
