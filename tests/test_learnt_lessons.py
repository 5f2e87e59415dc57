"""The laws of every lesson: one client as a batch, carried as learnt, missing where nothing can be told, quick."""

from __future__ import annotations

import json
from collections.abc import Sequence
from time import perf_counter

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from modelling.errors import BundleError, UnfitBundleError
from modelling.features.build import build_features
from modelling.features.feature import Lesson
from modelling.features.tables import Tables
from modelling.learnt.cases import Cases
from modelling.learnt.lessons import METHODS, Lessons, features_of, looked_at, told_features
from modelling.training.parameters import USUAL_LESSONS
from tests.lab_tables import Shape, random_tables, shuffled
from tests.learnt_tables import learnt_lessons, tables_with_histories

MOST_MILLISECONDS = 5


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return learnt_lessons(tables_with_histories())


def told(lessons: Lessons, tables: Tables) -> pl.DataFrame:
    names = [feature.name for feature in features_of(lessons.learnt)]
    return lessons.add(tables, build_features(tables)).select("sk_id_curr", *names)


NEW_CLIENTS = {
    "as those of training": tables_with_histories(20, seed=8),
    "awkward": random_tables(3, Shape(clients=12, rows=9, unseen=True)),
    "nearly empty": random_tables(4, Shape(clients=10, missing=0.9)),
}
each_kind = pytest.mark.parametrize("tables", NEW_CLIENTS.values(), ids=NEW_CLIENTS)


@each_kind
def test_one_client_alone_is_told_what_he_is_told_in_a_batch(lessons: Lessons, tables: Tables) -> None:
    batch = told(lessons, tables)

    for client in batch["sk_id_curr"]:
        alone = told(lessons, tables.of_clients(pl.Series([client])))
        assert_frame_equal(alone, batch.filter(pl.col("sk_id_curr") == client), check_exact=True)


@each_kind
def test_the_order_of_the_rows_changes_nothing(lessons: Lessons, tables: Tables) -> None:
    assert_frame_equal(told(lessons, shuffled(tables, 5)), told(lessons, tables), check_exact=True)


@each_kind
def test_lessons_read_back_tell_the_same(lessons: Lessons, tables: Tables) -> None:
    again = Lessons.of_json(json.loads(json.dumps(lessons.to_json(), allow_nan=False)))

    assert again.learnt.keys() == set(Lesson)
    assert_frame_equal(told(again, tables), told(lessons, tables), check_exact=True)


@pytest.mark.parametrize("shape", [Shape(missing=1.0), Shape(rows=0), Shape(unseen=True, missing=0.5)])
def test_what_cannot_be_told_is_missing_never_nan(lessons: Lessons, shape: Shape) -> None:
    features = told(lessons, random_tables(1, shape))

    assert features.height == shape.clients
    assert features.select(pl.all_horizontal(pl.col(pl.Float32).is_finite().all())).item()


def test_without_anything_known_lessons_are_learnt_and_tell_nothing() -> None:
    blank = random_tables(1, Shape(clients=40, missing=1.0))
    application = blank.application.with_columns(target=pl.Series([0, 1] * 20))
    lessons = learnt_lessons(Tables.of({"application": application}))

    features = told(lessons, tables_with_histories(5))

    assert features.drop("sk_id_curr", "neighbours_default_share").null_count().row(0) == (5,) * (features.width - 2)


def test_the_same_clients_and_seed_teach_the_same_bytes(lessons: Lessons) -> None:
    assert json.dumps(learnt_lessons(tables_with_histories()).to_json()) == json.dumps(lessons.to_json())


def test_only_the_lessons_that_features_need_are_kept(lessons: Lessons) -> None:
    kept = lessons.needed_by(["amt_credit", "implied_interest", "previous_likeness_max", "dropped_since"])

    assert list(kept.learnt) == [Lesson.TERM, Lesson.PREVIOUS]


def test_a_lesson_of_another_version_is_named() -> None:
    with pytest.raises(BundleError, match=r"carries lessons \['stars'\]; this version knows groups, term"):
        Lessons.of_json({"stars": {}})


def test_a_lesson_that_tells_other_things_than_this_release_expects_is_named() -> None:
    tables = tables_with_histories()
    cases = Cases(build_features(tables), tables)

    with pytest.raises(
        UnfitBundleError, match=r"Another release learnt the lessons of this bundle: .*told:.*\. Train a new one"
    ):
        told_features(cases, {Lesson.TERM: pl.DataFrame({"told:the weather": [1.0] * len(cases.features)})})


def test_each_lesson_has_a_method_and_features_and_names_its_table() -> None:
    assert list(METHODS) == list(Lesson)
    assert all(features_of([lesson]) for lesson in Lesson)
    assert looked_at(list(Lesson)) == ("bureau", "previous_application")


@pytest.mark.parametrize("held", [USUAL_LESSONS, *([lesson] for lesson in Lesson)])
def test_telling_one_client_costs_a_few_milliseconds(lessons: Lessons, held: Sequence[Lesson]) -> None:
    tables = tables_with_histories(60, seed=8)
    client = tables.previous_application["sk_id_curr"].mode().to_list()[:1]
    alone = tables.of_clients(pl.Series(client))
    features = build_features(alone)
    those = Lessons({lesson: lessons.learnt[lesson] for lesson in held})

    def seconds() -> float:
        start = perf_counter()
        those.add(alone, features)
        return perf_counter() - start

    assert min(seconds() for _ in range(30)) * 1_000 <= MOST_MILLISECONDS
