"""The laws of `build_features`, group by group: company, order and gaps change nothing of a client's row."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from tests.lab_tables import FIRST_CLIENT, UNSEEN, Shape, by_name, random_tables, shuffled

GROUPS = sorted({feature.source for feature in CATALOGUE.values()})
SEEDS = st.integers(min_value=0, max_value=2**32 - 1)
SHAPES = st.builds(
    Shape,
    clients=st.integers(2, 4),
    rows=st.integers(0, 9),
    missing=st.sampled_from([0.0, 0.2, 0.9]),
    unseen=st.booleans(),
)
each_group = pytest.mark.parametrize("group", GROUPS)
laws = settings(max_examples=8, deadline=None)


def features_of(tables: Tables, group: str) -> pl.DataFrame:
    names = [name for name, feature in CATALOGUE.items() if feature.source == group and feature.lesson is None]
    return build_features(tables).select("sk_id_curr", *names)


def assert_same_bits(one: pl.DataFrame, other: pl.DataFrame) -> None:
    assert_frame_equal(one, other, check_exact=True)


def assert_no_value_is_nan_or_infinite(features: pl.DataFrame) -> None:
    numbers = features.select(pl.col(pl.Float32).is_finite().all())
    assert [name for name, finite in numbers.row(0, named=True).items() if not finite] == []


@each_group
@pytest.mark.slow
@laws
@given(seed=SEEDS, shape=SHAPES)
def test_one_client_alone_gets_the_values_of_the_batch(group: str, seed: int, shape: Shape) -> None:
    tables = random_tables(seed, shape)

    batch = features_of(tables, group)

    for client in batch["sk_id_curr"]:
        alone = features_of(tables.of_clients(pl.Series([client])), group)
        assert_same_bits(alone, batch.filter(pl.col("sk_id_curr") == client))


@each_group
@pytest.mark.slow
@laws
@given(seed=SEEDS, other=SEEDS, shape=SHAPES)
def test_the_order_of_the_rows_changes_nothing(group: str, seed: int, other: int, shape: Shape) -> None:
    tables = random_tables(seed, shape)

    assert_same_bits(features_of(shuffled(tables, other), group), features_of(tables, group))


@each_group
@pytest.mark.slow
@laws
@given(
    seed=SEEDS,
    shape=SHAPES,
    blank=st.sets(
        st.sampled_from(
            sorted(
                {column for spec in TABLES.values() for column in spec.column_names if not column.startswith("sk_id")}
            )
        )
    ),
)
def test_columns_without_any_value_give_missing_never_nan(group: str, seed: int, shape: Shape, blank: set[str]) -> None:
    blank -= {"months_balance"}
    tables = random_tables(seed, Shape(shape.clients, shape.rows, shape.missing, frozenset(blank), shape.unseen))

    assert_no_value_is_nan_or_infinite(features_of(tables, group))


@each_group
def test_a_client_without_history_has_a_row(group: str) -> None:
    tables = random_tables(1, Shape(rows=0))

    features = features_of(tables, group)

    assert features["sk_id_curr"].to_list() == list(range(FIRST_CLIENT, FIRST_CLIENT + 6))
    assert_no_value_is_nan_or_infinite(features)


@each_group
def test_tables_all_of_whose_values_are_missing_give_rows(group: str) -> None:
    tables = random_tables(1, Shape(missing=1.0))

    features = features_of(tables, group)

    assert features.height == tables.application.height
    assert_no_value_is_nan_or_infinite(features)


@each_group
def test_words_never_seen_before_are_taken_as_they_are(group: str) -> None:
    tables = random_tables(3, Shape(clients=30, unseen=True, missing=0.0))

    features = features_of(tables, group)

    words = features.select(pl.col(pl.String))
    assert not words.columns or any((words[name] == UNSEEN).any() for name in words.columns)


@pytest.mark.slow
def test_a_large_batch_gives_the_values_of_its_halves() -> None:
    tables = random_tables(5, Shape(clients=4000, rows=12))
    clients = tables.application["sk_id_curr"]

    whole = build_features(tables)

    halves = [build_features(tables.of_clients(half)) for half in (clients[:1700], clients[1700:])]
    assert_same_bits(pl.concat(halves), whole)


def test_every_table_has_rows_in_these_tests() -> None:
    assert {name: frame.height > 0 for name, frame in by_name(random_tables(1)).items()} == dict.fromkeys(TABLES, True)
