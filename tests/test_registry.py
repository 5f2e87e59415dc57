from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from applications.models import User
from applications.tasks import close_lost_trainings
from modelling import registry
from modelling.errors import BundleError, TrainingDataError, UnfitBundleError, UnknownModelVersionError
from modelling.models import FairnessReport, ModelVersion, TrainingRun
from modelling.training.run import Plan
from modelling.trainings import train_version
from tests.conftest import TwoVersions
from tests.small_bundle import misnamed, train_small_bundle

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def snapshots(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the snapshot named "small"."""
    folder = tmp_path_factory.mktemp("snapshots")
    train_small_bundle(folder, settings.BUNDLES_DIR)
    return folder


def test_a_registered_version_carries_its_lineage(small_bundle: Path) -> None:
    version = registry.register(small_bundle)

    bundle = registry.bundle_of(version)
    assert (version.number, version.state) == (1, "candidate")
    assert version.digest == bundle.digest
    assert version.features == list(bundle.features)
    assert version.snapshot_digest == "0" * 64
    assert version.is_demo
    assert version.metrics["auc"]["low"] < version.metrics["auc"]["value"] < version.metrics["auc"]["high"]
    assert len(version.code_version) == 64
    assert "lightgbm" in version.platform


def test_the_same_bytes_keep_their_number(small_bundle: Path) -> None:
    assert registry.register(small_bundle) == registry.register(small_bundle)
    assert ModelVersion.objects.count() == 1


def test_versions_are_found_by_number_by_latest_and_by_champion(
    two_versions: TwoVersions,
) -> None:
    first, second = two_versions
    registry.promote(first, actor=None)

    assert (first.number, second.number) == (1, 2)
    assert registry.version("2") == registry.version("latest") == second
    assert registry.version("champion") == registry.champion() == first


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("champion", "No model version is in force"), ("latest", "are none"), ("3", "'3'"), ("best", "came 'best'")],
)
def test_a_version_that_is_not_there_is_told_in_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(UnknownModelVersionError, match=sentence):
        registry.version(name)


def test_a_bundle_that_stands_elsewhere_is_not_registered(small_bundle: Path, tmp_path: Path) -> None:
    elsewhere = Path(shutil.copytree(small_bundle, tmp_path / small_bundle.name))

    with pytest.raises(BundleError, match="this one stands in"):
        registry.register(elsewhere)


def test_promotion_retires_the_old_champion_and_says_who_and_why(two_versions: TwoVersions, advisor: User) -> None:
    first, second = two_versions
    registry.promote(first, actor=None, note="start")

    promoted = registry.promote(second, actor=advisor, note="better")

    first.refresh_from_db()
    assert first.state == ModelVersion.State.RETIRED
    assert promoted.promoted_by == advisor
    assert (promoted.promoted_note, promoted.state) == ("better", "champion")
    assert promoted.promoted_at is not None


def test_a_champion_promoted_again_stays_as_it_is(two_versions: TwoVersions, advisor: User) -> None:
    first, _ = two_versions
    once = registry.promote(first, actor=None, note="start").promoted_at

    again = registry.promote(first, actor=advisor, note="again")

    assert (again.promoted_at, again.promoted_note, again.promoted_by) == (once, "start", None)


def test_a_version_whose_bundle_was_changed_is_not_promoted(tmp_path: Path, settings: LazySettings) -> None:
    settings.BUNDLES_DIR = tmp_path / "bundles"
    version = registry.register(train_small_bundle(tmp_path / "snapshots", settings.BUNDLES_DIR))
    path = settings.BUNDLES_DIR / version.bundle_path / "calibration.json"
    path.write_text(path.read_text().replace("slope", "slop"))

    with pytest.raises(BundleError, match=r"calibration\.json was changed"):
        registry.promote(version, actor=None)
    assert not ModelVersion.objects.filter(state="champion").exists()


def test_a_version_that_needs_other_features_is_not_promoted(champion: ModelVersion, small_bundle: Path) -> None:
    version = registry.register(misnamed(small_bundle, "ext_source_2", "ext_source_of_old"))

    with pytest.raises(UnfitBundleError, match="not computed here: ext_source_of_old"):
        registry.promote(version, actor=None)
    assert registry.champion() == champion


def test_the_database_knows_one_champion_only(two_versions: TwoVersions) -> None:
    registry.promote(two_versions[0], actor=None)

    with pytest.raises(IntegrityError, match="one_champion"), transaction.atomic():
        ModelVersion.objects.filter(number=2).update(state="champion", promoted_at=timezone.now())


def test_a_training_is_kept_on_record_with_the_time_of_each_step(snapshots: Path, settings: LazySettings) -> None:
    settings.SNAPSHOTS_DIR = snapshots

    version = train_version("small", Plan(folds=3))

    run = TrainingRun.objects.get()
    assert (run.state, run.version, run.snapshot_name) == ("done", version, "small")
    steps = ["features", "fold 1 of 3", "fold 2 of 3", "fold 3 of 3", "final booster", "report", "fairness"]
    assert sorted(run.figures[step] for step in steps) == [run.figures[step] for step in steps]


def test_a_training_that_fails_says_why_on_record(snapshots: Path, settings: LazySettings) -> None:
    settings.SNAPSHOTS_DIR = snapshots

    with pytest.raises(TrainingDataError):
        train_version("small", Plan(folds=601))

    run = TrainingRun.objects.get()
    assert run.state == "failed"
    assert "fewer labelled clients (600) than folds (601)" in run.error


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--snapshot", "none"], "no snapshot 'none'"),
        (["--snapshot", "small", "--parameter", "depth=3"], "Unknown parameter depth"),
        (["--snapshot", "small", "--parameter", "depth"], "expected NAME=NUMBER, came 'depth'"),
        (["--snapshot", "small", "--controlled", "code_gender"], "code_gender"),
        (["--snapshot", "small", "--cost-ratio", "0"], "cost ratio"),
    ],
)
def test_the_train_command_tells_what_is_wrong_in_a_sentence(
    snapshots: Path, settings: LazySettings, options: list[str], sentence: str
) -> None:
    settings.SNAPSHOTS_DIR = snapshots

    with pytest.raises(CommandError, match=sentence):
        call_command("train_model", "--folds", "3", *options)


def test_the_train_command_registers_a_candidate_and_says_how_good_it_is(
    snapshots: Path, settings: LazySettings
) -> None:
    settings.SNAPSHOTS_DIR = snapshots
    out = StringIO()

    call_command("train_model", "--snapshot", "small", "--folds", "3", stdout=out)

    assert registry.version("latest").state == ModelVersion.State.CANDIDATE
    assert "AUC 0." in out.getvalue()
    # Its end is a fairness report; the command makes another, with what the gate costs.
    call_command("fairness_report", "latest", "--gate-cost", stdout=out)
    first, second = FairnessReport.objects.order_by("made_at")
    assert (first.gate, first.groups, first.proxies) == (None, second.groups, second.proxies)
    assert "with the barred ones too: AUC" in out.getvalue()
    assert "under_25" in out.getvalue()


def test_fairness_is_not_measured_on_other_rows_than_those_trained_on(
    champion: ModelVersion, snapshots: Path, settings: LazySettings
) -> None:
    settings.SNAPSHOTS_DIR = snapshots
    ModelVersion.objects.update(snapshot_name="small", snapshot_digest="1" * 64)

    with pytest.raises(CommandError, match="not the one version 1 was trained on"):
        call_command("fairness_report", "1")


def test_a_training_whose_process_died_is_told_as_broken_off_and_one_at_work_is_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    dead = TrainingRun.objects.create(snapshot_name="small", seed=0, backend_pid=-1)
    alive = TrainingRun.objects.create(snapshot_name="small", seed=0, backend_pid=own)

    close_lost_trainings()

    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, alive.state) == ("broken_off", "running")
    assert dead.finished_at is not None
