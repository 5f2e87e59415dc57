"""Features of a folder of Parquet tables, a range of clients at a time."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from modelling.errors import TableSchemaError
from modelling.features.build import build_features
from modelling.ranges import features_by_range
from tests.lab_tables import Shape, by_name, random_tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, frame in by_name(random_tables(3, Shape(clients=11))).items():
        frame.sample(fraction=1, shuffle=True, seed=1).write_parquet(tmp_path / f"{name}.parquet")
    return tmp_path


@pytest.mark.parametrize("clients", [1, 4, 11, 50])
def test_ranges_of_any_size_give_the_features_of_the_whole(folder: Path, clients: int) -> None:
    by_range = pl.concat(features_by_range(folder, clients=clients))

    assert_frame_equal(by_range, build_features(random_tables(3, Shape(clients=11))), check_exact=True)


def test_a_missing_table_is_named(folder: Path) -> None:
    (folder / "bureau.parquet").unlink()

    with pytest.raises(TableSchemaError, match=r"lacks bureau\.parquet"):
        next(features_by_range(folder))
