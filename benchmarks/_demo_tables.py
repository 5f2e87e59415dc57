"""Demo tables for benchmarks, as a snapshot has them: python -m benchmarks._demo_tables FOLDER CLIENTS."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import polars as pl

from modelling.demo_data import FileFormat, write_demo_data
from modelling.feature_store.clients import FILE, client_lines
from modelling.features.files import as_stored, write_table
from modelling.features.schema import TABLES, TableSpec
from modelling.features.tables import Tables

SEED = 20


def main(folder: Path, clients: int) -> None:
    """Write one Parquet file a table; the folder stands under its name only when all do."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        published, snapshot = Path(beside) / "published", Path(beside) / "snapshot"
        write_demo_data(published, clients=clients, seed=SEED, file_format=FileFormat.PARQUET)
        snapshot.mkdir()
        tables = Tables.of({name: _rows(published, spec) for name, spec in TABLES.items()})
        stored = as_stored(tables)
        for name, rows in stored.items():
            write_table(rows.lazy(), TABLES[name], snapshot)
        client_lines(stored).write_parquet(snapshot / FILE)
        snapshot.rename(folder)


def _rows(published: Path, spec: TableSpec) -> pl.DataFrame:
    """Return the rows of one table with the names, types and order of a snapshot's."""
    parts = [pl.read_parquet(published / f"{file}.parquet").rename(str.lower) for file in spec.files]
    rows = pl.concat(parts, how="diagonal_relaxed")
    return rows.select(pl.col(name).cast(kind) for name, kind in spec.schema.items()).sort(spec.order)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
