from __future__ import annotations

import os
import time
from pathlib import Path

import polars as pl
import pytest

from applications import sources
from applications.services.importing import Orphans, Rules
from modelling.features.schema import TABLES, Kind
from modelling.features.tables import Tables
from tests.import_layout import TODAY, assert_same, import_folder

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.real_rows,
    pytest.mark.skipif("HOME_CREDIT_DIR" not in os.environ, reason="HOME_CREDIT_DIR names no folder of real tables"),
]

LIMIT_SECONDS = 90
RULES = Rules(today=TODAY, orphans=Orphans.SKIP)


@pytest.fixture
def folder() -> Path:
    return Path(os.environ["HOME_CREDIT_DIR"])


def read(folder: Path, client_ids: pl.Series) -> Tables:
    """Read the files without the importer."""
    frames = {}
    for name, spec in TABLES.items():
        numbers = [column.source for column in spec.columns if column.kind is not Kind.CATEGORY]
        parts = [pl.read_csv(folder / f"{stem}.csv.gz", infer_schema=False) for stem in spec.files]
        frame = pl.concat(parts, how="diagonal")
        frames[name] = frame.with_columns(pl.col(numbers).cast(pl.Float64)).rename(str.lower)
    return Tables.of(frames).of_clients(client_ids)


def test_two_million_real_rows_come_in_within_the_time_and_once(folder: Path) -> None:
    start = time.monotonic()
    first = import_folder(folder, RULES)
    seconds = time.monotonic() - start
    again = import_folder(folder, RULES)

    assert seconds < LIMIT_SECONDS
    assert sum(table.rows for table in first.tables) == 1_838_341
    assert first.tables[0].merged.inserted == 90_651
    assert all(table.merged.inserted == table.merged.updated == 0 for table in again.tables)
    some = pl.read_csv(folder / "linked_clients.csv.gz")["SK_ID_CURR"].sample(300, seed=1)
    assert_same(sources.tables_of(some.to_list()), read(folder, some))
