"""The laws of the features on real rows, where HOME_CREDIT_DIR names a folder of them."""

from __future__ import annotations

import math
import os
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE
from modelling.features.schema import TABLES, Kind, TableSpec
from modelling.features.tables import Tables
from tests.lab_tables import shuffled

CLIENTS = 300

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_rows,
    pytest.mark.skipif("HOME_CREDIT_DIR" not in os.environ, reason="HOME_CREDIT_DIR is unset: no real rows to read"),
]


def read(folder: Path, spec: TableSpec) -> pl.DataFrame:
    words = {column.source for column in spec.columns if column.kind is Kind.CATEGORY}
    types = {column.source: pl.String if column.source in words else pl.Float64 for column in spec.columns}
    parts = [pl.read_csv(folder / f"{file}.csv.gz", schema_overrides=types) for file in spec.files]
    return pl.concat(parts, how="diagonal").rename(str.lower)


@pytest.fixture(scope="module")
def tables() -> Tables:
    folder = Path(os.environ["HOME_CREDIT_DIR"])
    linked = pl.read_csv(folder / "linked_clients.csv.gz")["SK_ID_CURR"]
    whole = Tables.of({name: read(folder, spec) for name, spec in TABLES.items()})
    return whole.of_clients(linked)


def test_real_clients_alone_get_the_values_of_the_batch(tables: Tables) -> None:
    batch = build_features(tables)

    for client in batch["sk_id_curr"].sample(CLIENTS, seed=1):
        alone = build_features(tables.of_clients(pl.Series([client])))
        assert_frame_equal(alone, batch.filter(pl.col("sk_id_curr") == client), check_exact=True)


def test_the_order_of_real_rows_changes_nothing(tables: Tables) -> None:
    assert_frame_equal(build_features(shuffled(tables, 7)), build_features(tables), check_exact=True)


def test_real_values_lie_in_their_plausible_range(tables: Tables) -> None:
    features = build_features(tables)

    outside = {name: _outside(features[name], name) for name in features.columns[1:] if not CATALOGUE[name].is_category}

    assert {name: share for name, share in outside.items() if share > 0.01} == {}


def test_no_real_value_is_nan_or_infinite(tables: Tables) -> None:
    assert build_features(tables).select(pl.all_horizontal(pl.col(pl.Float32).is_finite().all())).item()


def _outside(values: pl.Series, name: str) -> float:
    known, feature = values.drop_nulls(), CATALOGUE[name]
    low = -math.inf if feature.low is None else feature.low
    high = math.inf if feature.high is None else feature.high
    inside = int(known.is_between(low, high).sum())
    return 1 - inside / len(known) if len(known) else 0.0
