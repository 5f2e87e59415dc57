"""One line a client of a folder of tables: how many rows each table has of it, and whether any of them changed.

Written with the tables, for then the rows are at hand; whoever builds features finds a client's rows by adding up the
lines before it, and looks at no row of a client that is as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl

from modelling.errors import TableSchemaError, gettext_noop
from modelling.features.aggregates import CLIENT
from modelling.features.files import scan_table
from modelling.features.schema import TABLES

FILE = "clients.parquet"
DIGEST = "rows_digest"
ROWS_AT_ONCE = 2**20
_SEEDS = {name: seed for seed, name in enumerate(TABLES)}


def client_lines(stored: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return sk_id_curr, DIGEST (UInt64) and the number of rows in each table by its name, one row a client, ascending.

    stored: all rows of some clients, as `as_stored` gives them. A row's hash is seeded by its table; a client's is
    their sum modulo 2^64, so that repeated rows count and order does not. An outcome is left out: no feature reads it.
    Polars keeps its hashes from process to process, and from version to version not: compare them within one version.
    """
    return _summed(_lines(name, rows) for name, rows in stored.items())


def read_client_lines(folder: Path) -> pl.DataFrame:
    """Read the lines of a folder, or make them where none were written with its tables.

    Raises TableSchemaError when a table is missing, or has more or fewer rows than the lines tell of.
    """
    written = folder / FILE
    lines = pl.read_parquet(written) if written.is_file() else _summed(_pieces(folder))
    for name in TABLES:
        told, found = lines[name].sum(), _height(scan_table(folder, name))
        if told != found:
            raise TableSchemaError(
                gettext_noop("{list} tells of {told} rows in {table}, which has {found}; take a new snapshot."),
                list=str(folder / FILE),
                told=told,
                table=f"{name}.parquet",
                found=found,
            )
    return lines


def _pieces(folder: Path) -> Iterator[pl.DataFrame]:
    for name in TABLES:
        rows = scan_table(folder, name)
        for start in range(0, _height(rows) or 1, ROWS_AT_ONCE):
            yield _lines(name, rows.slice(start, ROWS_AT_ONCE).collect())


def _height(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.len()).collect().item())


def _lines(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of one table's rows; a client may have lines of several such pieces."""
    if CLIENT not in rows.columns:
        raise TableSchemaError(
            gettext_noop("{table} lacks {column}; take a new snapshot."), table=f"{name}.parquet", column=CLIENT
        )
    said = rows.drop("target", strict=False).with_columns(pl.col(pl.Categorical).cast(pl.String))
    hashed = pl.DataFrame({CLIENT: rows[CLIENT], DIGEST: said.hash_rows(seed=_SEEDS[name])})
    return hashed.group_by(CLIENT).agg(pl.col(DIGEST).sum(), pl.len().cast(pl.Int64).alias(name))


def _summed(lines: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Add up the lines of each client."""
    together = pl.concat(lines, how="diagonal").group_by(CLIENT).agg(pl.all().sum())
    return together.select(CLIENT, DIGEST, *TABLES).sort(CLIENT)
