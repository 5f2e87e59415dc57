"""Features built into one file: at one go or in pieces, here or on a cluster; always the same bytes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import modelling.cluster
from modelling.errors import ClusterError, FeatureStoreError, TableSchemaError
from modelling.feature_store import building
from modelling.feature_store.building import WORKING, BuildReport, Watch, build_feature_file, unwatched
from modelling.feature_store.clients import read_client_lines
from modelling.feature_store.feature_file import (
    FILE,
    SEAL,
    FeatureFile,
    Recipe,
    find_features,
    last_built,
    read_features,
)
from modelling.feature_store.parts import Part, PartReport, build_part
from modelling.feature_store.pool import cluster, threads
from modelling.feature_store.ranges import client_ranges
from modelling.features.build import build_features
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from tests.lab_tables import Shape, random_tables
from tests.snapshot_folder import write_snapshot

CLIENTS = 11
AT_ONCE = 4  # so there are three ranges
FIRST = random_tables(3, Shape(clients=CLIENTS))


@pytest.fixture(autouse=True)
def _small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "CLIENTS_AT_ONCE", AT_ONCE)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> FeatureFile:
    """Build the first tables at one go."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "CLIENTS_AT_ONCE", AT_ONCE)
        folder = tmp_path_factory.mktemp("snapshots") / "whole"
        return build(folder, write_snapshot(folder, FIRST)).file


def build(
    folder: Path, files: dict[str, str], *, previous: FeatureFile | None = None, watch: Watch = unwatched
) -> BuildReport:
    with threads(1) as workers:
        return build_feature_file(folder, files, pool=workers, previous=previous, watch=watch)


def interrupt(reports: Iterable[PartReport], _count: int) -> Iterator[PartReport]:
    yield next(iter(reports))
    raise KeyboardInterrupt


def interrupted(folder: Path, files: dict[str, str]) -> int:
    """Break a build off after its first range; returns how many clients are left to compute."""
    with pytest.raises(KeyboardInterrupt):
        build(folder, files, watch=interrupt)
    done = pl.scan_ipc(folder / WORKING / "*.arrow").select(pl.len()).collect().item()
    assert not (folder / SEAL).exists()
    assert done > 0
    return CLIENTS - int(done)


def second() -> Tables:
    """Give the first tables with one client changed, one gone and one come."""
    changed, gone = FIRST.application["sk_id_curr"][2], FIRST.application["sk_id_curr"][5]
    balances = FIRST.credit_card_balance
    paid = pl.when(pl.col("sk_id_curr") == changed).then(12.5).otherwise("amt_income_total")
    stays = FIRST.application.filter(pl.col("sk_id_curr") != gone).with_columns(paid.alias("amt_income_total"))
    came = FIRST.application.head(1).with_columns(pl.lit(999_999, dtype=pl.Int64).alias("sk_id_curr"))
    application = pl.concat([stays, came])
    assert balances.height
    return replace(FIRST, application=application).of_clients(application["sk_id_curr"])


def test_the_file_holds_the_features_of_every_client(whole: FeatureFile) -> None:
    read = read_features(whole.folder, whole.tables)

    assert read is not None
    assert_frame_equal(read.collect(), build_features(FIRST), check_exact=True)
    assert (whole.clients, whole.recipe) == (CLIENTS, Recipe.of_this_code())
    assert not (whole.folder / WORKING).exists()


def test_two_workers_give_the_bytes_of_one(whole: FeatureFile, tmp_path: Path) -> None:
    files = write_snapshot(tmp_path / "two", FIRST)

    with threads(2) as workers:
        report = build_feature_file(tmp_path / "two", files, pool=workers)

    assert report.file.sha256 == whole.sha256


def test_an_interrupted_build_goes_on_where_it_stopped_to_the_same_bytes(whole: FeatureFile, tmp_path: Path) -> None:
    files = write_snapshot(tmp_path / "again", FIRST)
    left = interrupted(tmp_path / "again", files)

    report = build(tmp_path / "again", files)

    assert (report.computed, report.reused) == (left, CLIENTS - left)
    assert left < CLIENTS
    assert report.file.sha256 == whole.sha256


def test_parts_of_other_rows_are_not_taken_over(tmp_path: Path) -> None:
    interrupted(tmp_path / "one", write_snapshot(tmp_path / "one", FIRST))
    files = write_snapshot(tmp_path / "two", second())
    for name in files:
        (tmp_path / "two" / name).replace(tmp_path / "one" / name)

    report = build(tmp_path / "one", files)

    assert report.reused == 0
    assert_frame_equal(pl.read_parquet(report.file.path).drop("rows_digest"), build_features(second()))


def test_parts_and_files_of_another_catalogue_are_not_taken_over(
    whole: FeatureFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write_snapshot(tmp_path / "one", FIRST)
    interrupted(tmp_path / "one", files)
    monkeypatch.setattr("modelling.feature_store.feature_file.catalogue_version", lambda: "another")

    report = build(tmp_path / "one", files)

    assert (report.computed, report.reused) == (CLIENTS, 0)
    assert find_features(whole.folder) is None
    assert last_built([whole.folder, tmp_path / "one"]) == report.file


def test_only_clients_whose_rows_changed_are_computed(whole: FeatureFile, tmp_path: Path) -> None:
    files = write_snapshot(tmp_path / "two", second())
    write_snapshot(tmp_path / "fresh", second())

    report = build(tmp_path / "two", files, previous=whole)

    assert (report.computed, report.reused, report.dropped) == (2, CLIENTS - 2, 1)
    assert report.file.sha256 == build(tmp_path / "fresh", files).file.sha256


def test_parts_made_without_a_previous_file_are_not_mixed_with_what_is_taken_over(
    whole: FeatureFile, tmp_path: Path
) -> None:
    files = write_snapshot(tmp_path / "two", second())
    write_snapshot(tmp_path / "fresh", second())
    interrupted(tmp_path / "two", files)

    report = build(tmp_path / "two", files, previous=whole)

    assert (report.computed, report.reused) == (2, CLIENTS - 2)
    assert report.file.sha256 == build(tmp_path / "fresh", files).file.sha256


def test_the_tables_of_clients_who_are_as_before_are_not_read(whole: FeatureFile, tmp_path: Path) -> None:
    files = write_snapshot(tmp_path / "same", FIRST)
    for name in TABLES:
        rows = pl.read_parquet(tmp_path / "same" / f"{name}.parquet")
        rows.reverse().write_parquet(tmp_path / "same" / f"{name}.parquet")  # no range of it could be read

    assert build(tmp_path / "same", files, previous=whole).computed == 0


def test_the_same_rows_again_are_all_taken_over(whole: FeatureFile, tmp_path: Path) -> None:
    files = write_snapshot(tmp_path / "same", FIRST)

    report = build(tmp_path / "same", files, previous=whole)
    again = build(tmp_path / "same", files)

    assert (report.computed, report.reused, report.dropped) == (0, CLIENTS, 0)
    assert report.file.sha256 == whole.sha256
    assert (again.computed, again.reused, again.file) == (0, CLIENTS, report.file)


def test_a_file_changed_since_teaches_nothing_and_is_never_read(whole: FeatureFile, tmp_path: Path) -> None:
    files = write_snapshot(tmp_path / "one", FIRST)
    built = build(tmp_path / "one", files).file
    with built.path.open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(FeatureStoreError, match=r"features\.parquet is missing or was changed since it was built"):
        read_features(built.folder, files)

    other = build(tmp_path / "two", write_snapshot(tmp_path / "two", FIRST), previous=built)
    same = build(tmp_path / "one", files)

    assert (other.computed, other.previous, same.computed) == (CLIENTS, None, CLIENTS)
    assert same.file.sha256 == whole.sha256


def test_features_of_other_tables_are_not_read(whole: FeatureFile) -> None:
    assert read_features(whole.folder, {**whole.tables, "bureau.parquet": "0" * 64}) is None


def test_two_builds_of_one_snapshot_at_once_are_refused(tmp_path: Path) -> None:
    files = write_snapshot(tmp_path / "one", FIRST)
    handle = os.open(tmp_path / "one", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(FeatureStoreError, match="Another process builds the features"):
            build(tmp_path / "one", files)
    finally:
        os.close(handle)


def test_a_worker_of_other_code_refuses(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "one", FIRST)
    lines = read_client_lines(tmp_path / "one")
    part = Part(tmp_path / "one", tmp_path, client_ranges(lines, AT_ONCE)[0], lines, Recipe("other", "2.0"))

    with pytest.raises(FeatureStoreError, match="install the same code"):
        build_part(part)


def test_what_a_worker_finds_wrong_is_told(tmp_path: Path) -> None:
    stranger = replace(FIRST, application=FIRST.application.tail(CLIENTS - 1))
    files = write_snapshot(tmp_path / "one", stranger)

    with pytest.raises(TableSchemaError, match="no application has"):
        build(tmp_path / "one", files)


@pytest.mark.slow
def test_two_workers_of_a_cluster_give_the_same_bytes(whole: FeatureFile, tmp_path: Path) -> None:
    import distributed

    files = write_snapshot(tmp_path / "far", FIRST)
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}

    with distributed.LocalCluster(**options) as workers, cluster(workers.scheduler_address) as far:
        report = build_feature_file(tmp_path / "far", files, pool=far)

    assert report.computed == CLIENTS
    assert report.file.sha256 == whole.sha256


def test_a_cluster_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modelling.cluster, "ANSWER_WITHIN_SECONDS", 0.2)

    for address in ("tcp://127.0.0.1:9", "nonsense://"):
        with pytest.raises(ClusterError, match="No Dask scheduler answers at"), cluster(address):
            pass
    assert FILE not in address
