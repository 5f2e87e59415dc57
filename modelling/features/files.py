"""Tables as the files of a snapshot: one Parquet file a table, made to be read a range of clients at a time.

Every row names its client, a monthly bureau row too, and clients rise from row to row: what a range of clients has is
one slice of each file. Rows that are read together stand in groups of their own size, packed for speed rather than
for the last megabyte.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

from modelling.errors import TableSchemaError, gettext_noop
from modelling.features.aggregates import CLIENT
from modelling.features.ordering import ordered
from modelling.features.schema import TABLES, TableSpec
from modelling.features.tables import Tables


def as_stored(tables: Tables) -> dict[str, pl.DataFrame]:
    """Return the tables by name as their files hold them, clients rising; monthly bureau rows name theirs first.

    Monthly rows of a credit that the bureau does not list are nobody's, and left out.
    """
    owners = tables.bureau.select(CLIENT, "sk_id_bureau")
    owned = owners.join(tables.bureau_balance, on="sk_id_bureau").sort(CLIENT, "sk_id_bureau", "months_balance")
    return {name: owned if name == "bureau_balance" else ordered(getattr(tables, name), CLIENT) for name in TABLES}


def write_table(rows: pl.LazyFrame, spec: TableSpec, folder: Path) -> None:
    """Write rows, as `as_stored` gives them, into the table's file, streaming; words of many rows as their codes."""
    coded = rows if spec.parent is None else rows.with_columns(pl.col(pl.String).cast(pl.Categorical))
    coded.sink_parquet(folder / f"{spec.name}.parquet", compression="lz4", row_group_size=spec.rows_a_group)


def scan_table(folder: Path, name: str) -> pl.LazyFrame:
    """Give a table's rows with their client, to be looked into. Raises TableSchemaError when its file is missing."""
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise TableSchemaError(
            gettext_noop("{folder} lacks {file}; it should hold one Parquet file for each of {tables}."),
            folder=str(folder),
            file=path.name,
            tables=", ".join(TABLES),
        )
    return _scan(path, path.stat().st_mtime_ns)


def rows_of(spec: TableSpec, rows: pl.LazyFrame) -> pl.DataFrame:
    """Read rows of `scan_table` with the columns the table is published with, and their types."""
    return coded_rows_of(spec, rows.with_columns(pl.col(pl.Categorical).cast(pl.String)))


def coded_rows_of(spec: TableSpec, rows: pl.LazyFrame) -> pl.DataFrame:
    """Read them with words as their codes, where they are stored so."""
    return (rows if spec.parent != "bureau" else rows.drop(CLIENT, strict=False)).collect()


@lru_cache(maxsize=2 * len(TABLES))
def _scan(path: Path, _changed_at: int) -> pl.LazyFrame:
    """Keep what Polars found at a file's end, where each group of its rows stands, for the next look."""
    return pl.scan_parquet(path)
