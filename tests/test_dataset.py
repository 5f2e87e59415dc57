from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from modelling.errors import AdmissionError, TrainingDataError
from modelling.feature_store.feature_file import find_features
from modelling.features.build import build_features
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.learnt.lessons import looked_at
from modelling.quality.profile import write_profile
from modelling.training.dataset import open_snapshot
from modelling.training.run import Plan, train_bundle
from tests.lab_tables import by_name, random_tables
from tests.small_bundle import made_up_tables, rows_to_learn_from
from tests.snapshot_folder import write_snapshot


def snapshot_of(folder: Path, name: str, **facts: object) -> None:
    (folder / name).mkdir()
    manifest = {"name": name, "digest": "0" * 64, "is_demo": True, **facts}
    (folder / name / "manifest.json").write_text(json.dumps(manifest))


def test_the_latest_snapshot_is_the_one_the_link_names(tmp_path: Path) -> None:
    snapshot_of(tmp_path, "one")
    snapshot_of(tmp_path, "two", is_demo=False)
    (tmp_path / "latest").symlink_to("two")

    assert open_snapshot(tmp_path, "latest").name == "two"
    assert not open_snapshot(tmp_path, "latest").is_demo
    assert open_snapshot(tmp_path, "one").is_demo


def test_a_snapshot_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    snapshot_of(tmp_path, "one")

    with pytest.raises(TrainingDataError, match=r"no snapshot 'three'; known are one"):
        open_snapshot(tmp_path, "three")


def test_no_snapshot_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="known are –"):
        open_snapshot(tmp_path / "nowhere", "latest")


def test_a_table_file_that_is_missing_is_named(tmp_path: Path) -> None:
    snapshot_of(tmp_path, "one")

    with pytest.raises(TrainingDataError, match=r"'one' lacks application\.parquet"):
        open_snapshot(tmp_path, "one").tables()


def test_a_table_file_changed_after_the_snapshot_is_named(tmp_path: Path) -> None:
    snapshot_of(tmp_path, "one", files={"application.parquet": "0" * 64})
    made_up_tables(5).application.write_parquet(tmp_path / "one" / "application.parquet")

    with pytest.raises(TrainingDataError, match=r"application\.parquet of snapshot 'one' was changed"):
        open_snapshot(tmp_path, "one").tables()


def test_the_rows_of_some_clients_are_theirs_in_every_history(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "one", random_tables(3))
    snapshot = open_snapshot(tmp_path, "one")
    clients = snapshot.tables(("application",)).application["sk_id_curr"].sort().gather_every(2)
    histories = TABLES.keys() - {"application"}

    theirs = snapshot.histories_of(clients, histories)

    whole = snapshot.tables().of_clients(clients)
    for name in histories:
        assert by_name(theirs)[name].height > 0
        assert_frame_equal(by_name(theirs)[name], by_name(whole)[name], check_row_order=False)


def test_only_labelled_clients_are_learnt_from_and_each_keeps_his_own_target() -> None:
    application = made_up_tables(60).application.reverse()
    some = application.with_columns(target=pl.when(pl.col("sk_id_curr") % 3 == 0).then(None).otherwise("target"))

    rows = rows_to_learn_from(Tables.of({"application": some}))

    known = {client: target for client, target in some.select("sk_id_curr", "target").iter_rows() if target is not None}
    assert rows.client_ids.tolist() == sorted(known)
    assert rows.target.tolist() == [known[client] for client in rows.client_ids]
    assert rows.values.shape == (40, len(rows.encoding.features))
    assert rows.values.dtype == np.float32


def test_without_any_label_there_is_nothing_to_learn() -> None:
    application = made_up_tables(5).application.drop("target")

    with pytest.raises(TrainingDataError, match="None of the 5 applications has a target"):
        rows_to_learn_from(Tables.of({"application": application}))


def test_a_barred_feature_does_not_pass_and_a_controlled_one_only_by_name() -> None:
    tables = made_up_tables(50)
    plain = set(rows_to_learn_from(tables).encoding.features)

    with pytest.raises(AdmissionError, match="code_gender"):
        rows_to_learn_from(tables, controlled=["code_gender"])
    with pytest.raises(AdmissionError, match="no_such_thing"):
        rows_to_learn_from(tables, controlled=["no_such_thing"])
    assert set(rows_to_learn_from(tables, controlled=["region_rating_client"]).encoding.features) - plain == {
        "region_rating_client"
    }


def test_a_wrong_parameter_is_told_before_anything_is_read(tmp_path: Path) -> None:
    snapshot_of(tmp_path, "one")

    with pytest.raises(TrainingDataError, match="Unknown parameter depth"):
        train_bundle(open_snapshot(tmp_path, "one"), Plan(overrides={"depth": 3}), shelf=tmp_path)


@pytest.mark.slow
def test_training_builds_features_once_and_then_needs_no_history_that_no_lesson_looks_at(tmp_path: Path) -> None:
    files = write_snapshot(tmp_path / "one", made_up_tables(300))
    snapshot = open_snapshot(tmp_path, "one")
    plan = Plan(folds=2, most_features=1_000)
    assert find_features(snapshot.folder, files) is None
    before = train_bundle(snapshot, plan, shelf=tmp_path / "shelf")
    write_profile(snapshot.profile(), snapshot.folder)
    needed = {f"{name}.parquet" for name in ("application", *looked_at(plan.lessons))}
    for name in files.keys() - needed:
        (snapshot.folder / name).unlink()

    assert find_features(snapshot.folder, files) is not None
    assert train_bundle(snapshot, plan, shelf=tmp_path / "shelf") == before


@pytest.mark.slow
def test_features_are_the_same_whether_they_were_built_before_or_when_asked_for(tmp_path: Path) -> None:
    tables = random_tables(3)
    write_snapshot(tmp_path / "one", tables)

    built = open_snapshot(tmp_path, "one").features().collect()

    assert_frame_equal(built, build_features(tables))
