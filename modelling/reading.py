"""Read a folder of tables in the published layout: capital column names, .csv, .csv.gz, .csv.zip or .parquet.

The Parquet files of a snapshot are read as well.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelling.errors import TableSchemaError
from modelling.features.files import rows_of
from modelling.features.schema import TABLES, Kind, TableSpec
from modelling.features.tables import Tables

ENDINGS = (".parquet", ".csv", ".csv.gz", ".csv.zip")


@dataclass(frozen=True)
class Folder:
    """What was found in a folder.

    absent: history tables without a file, taken as empty.
    strays: rows left out by table, because their application (or their bureau credit) is not in the folder.
    """

    tables: Tables
    absent: tuple[str, ...]
    strays: Mapping[str, int]


def read_folder(folder: Path) -> Folder:
    """Read every known table of a folder; a whole number may be written "1.0".

    Raises TableSchemaError naming the file when the folder has no application or a file cannot be read as its table.
    """
    if not folder.is_dir():
        raise TableSchemaError(f"There is no folder {folder}.")
    frames = {name: frame for name, spec in TABLES.items() if (frame := _table(folder, spec)) is not None}
    if "application" not in frames:
        raise TableSchemaError(f"{folder} holds no application_train or application_test ({', '.join(ENDINGS)}).")
    tables = Tables.of(frames)
    kept = tables.of_clients(tables.application["sk_id_curr"])
    return Folder(
        tables=kept,
        absent=tuple(name for name in TABLES if name not in frames),
        strays={name: count for name in TABLES if (count := _height(tables, name) - _height(kept, name))},
    )


def _height(tables: Tables, name: str) -> int:
    frame: pl.DataFrame = getattr(tables, name)
    return frame.height


def _table(folder: Path, spec: TableSpec) -> pl.DataFrame | None:
    paths = [path for file in (*spec.files, spec.name) if (path := _find(folder, file)) is not None]
    parts = [_typed(_read(path, spec), spec, path) for path in dict.fromkeys(paths)]
    return pl.concat(parts, how="diagonal") if parts else None


def _find(folder: Path, file: str) -> Path | None:
    paths = (folder / f"{file}{ending}" for ending in ENDINGS)
    return next((path for path in paths if path.is_file()), None)


def _read(path: Path, spec: TableSpec) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            return rows_of(spec, pl.scan_parquet(path))
        return pl.read_csv(_text(path), infer_schema=False)
    except (pl.exceptions.PolarsError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise TableSchemaError(f"{path} cannot be read as a table: {error}") from error


def _text(path: Path) -> Path | bytes:
    if path.suffix != ".zip":
        return path
    with zipfile.ZipFile(path) as archive:
        inside = [name for name in archive.namelist() if name.lower().endswith(".csv")]
        if len(inside) != 1:
            raise TableSchemaError(f"{path} should hold one .csv file; it holds {inside or 'none'}.")
        return archive.read(inside[0])


def _typed(frame: pl.DataFrame, spec: TableSpec, path: Path) -> pl.DataFrame:
    frame = frame.rename(str.lower)
    kinds = {column.name: column.kind for column in spec.columns}
    numbers = [name for name in frame.columns if kinds.get(name, Kind.CATEGORY) is not Kind.CATEGORY]
    try:
        frame = frame.with_columns(pl.col(name).cast(pl.Float64) for name in numbers)
    except pl.exceptions.PolarsError as error:
        raise TableSchemaError(f"{path} holds text where a number belongs: {error}") from error
    whole = [name for name in numbers if kinds[name] is not Kind.REAL]
    broken = frame.select((pl.col(name).floor() != pl.col(name)).any() for name in whole).row(0) if whole else ()
    if any(broken):
        names = [name.upper() for name, is_broken in zip(whole, broken, strict=True) if is_broken]
        raise TableSchemaError(f"{path} holds fractions in columns of whole numbers: {names}.")
    return frame
