"""Small folders in the published layout, for tests of what reads them, and ways to spoil them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.db import connection

from applications import sources
from applications.errors import ImportRefusedError
from applications.services.importing import ImportReport, Rules, import_tables
from modelling.features.schema import TABLES, Kind
from modelling.features.tables import Tables
from tests.lab_tables import Shape, by_name, random_tables

TODAY = date(2026, 9, 1)
UNLABELLED_EVERY = 4


class Silent:
    """Nobody watches."""

    def start(self, total_bytes: int) -> None: ...
    def advance(self, count: int) -> None: ...
    def say(self, what: str) -> None: ...


def made_up_tables(seed: int = 7, clients: int = 20) -> Tables:
    """Return tables that may be imported: labelled and unlabelled applications, each monthly row with its month."""
    frames = dict(by_name(random_tables(seed, Shape(clients=clients))))
    labels = pl.when(pl.int_range(pl.len()) % UNLABELLED_EVERY > 0).then(pl.col("target").fill_null(0))
    frames["application"] = frames["application"].with_columns(labels.alias("target"))
    for name, frame in frames.items():
        if "months_balance" in frame.columns:
            frames[name] = frame.with_columns(pl.col("months_balance").fill_null(-1))
    return Tables.of(frames)


def published(tables: Tables) -> dict[str, pl.DataFrame]:
    """Return the frames by published file name, columns in capitals, whole numbers as "1.0" like the real files."""
    frames = {spec.files[0]: frame for name, frame in by_name(tables).items() for spec in [TABLES[name]]}
    application = frames.pop("application_train")
    frames["application_train"] = application.filter(pl.col("target").is_not_null())
    frames["application_test"] = application.filter(pl.col("target").is_null()).drop("target")
    return {stem: _as_published(frame) for stem, frame in frames.items()}


def write_layout(folder: Path, tables: Tables | None = None) -> Path:
    """Write the eight .csv files into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, frame in published(tables or made_up_tables()).items():
        frame.write_csv(folder / f"{stem}.csv")
    return folder


def change(file: Path, line: int, column: str, value: str | Callable[[str], str]) -> None:
    """Write another value into one field, the line of names being line 1."""
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    place = rows[0].index(column)
    old = rows[line - 1][place]
    rows[line - 1][place] = value if isinstance(value, str) else value(old)
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def import_folder(path: Path, rules: Rules | None = None) -> ImportReport:
    """Import without anybody watching."""
    return import_tables(path, rules or Rules(today=TODAY), Silent())


def refusal(folder: Path, max_rejects: int = 0) -> str:
    """Return the sentence with which an import of the folder is refused."""
    with pytest.raises(ImportRefusedError) as raised:
        import_folder(folder, Rules(today=TODAY, max_rejects=max_rejects))
    return str(raised.value)


def line(file: Path, number: int) -> str:
    """Return a line of a file, the line of names being line 1."""
    return file.read_text(encoding="utf-8").splitlines()[number - 1]


def stored() -> Tables:
    """Return everything in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(sk_id_curr) FROM application")
        return sources.tables_of(cursor.fetchone()[0])


def assert_same(left: Tables, right: Tables) -> None:
    """Compare row for row and bit for bit, whatever their order."""
    for name in TABLES:
        one, other = getattr(left, name), getattr(right, name)
        assert one.sort(one.columns).equals(other.sort(other.columns)), name


def _as_published(frame: pl.DataFrame) -> pl.DataFrame:
    spec_of = {column.name: column.kind for spec in TABLES.values() for column in spec.columns}
    numbers = [name for name in frame.columns if spec_of[name] in {Kind.INTEGER, Kind.FLAG}]
    return frame.with_columns(pl.col(numbers).cast(pl.Float64)).rename(str.upper)
