"""Trainings and searches asked for on a page: done once, by the lab's worker, cancelled, broken off, gone on with."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils.translation import override

from applications import tasks
from applications.errors import LabError
from applications.models import AuditEvent, Kind, Role, User
from applications.services import lab
from applications.templatetags.lab_words import failure_words
from modelling import attempts, studies, trainings
from modelling.attempts import close_lost
from modelling.errors import AdmissionError, FeatureStoreError, TrainingDataError
from modelling.models import Attempt, ModelVersion, State, Study, TrainingRun
from modelling.training.dataset import open_snapshot
from modelling.training.run import Plan
from modelling.training.search import Budget, Search
from tests.factories import UserFactory
from tests.small_bundle import made_up_tables
from tests.snapshot_folder import write_snapshot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

QUICK = Plan(folds=2, lessons=())
LONG = Plan(folds=20, overrides={"learning_rate": 0.001})
NOBODY = -1


@pytest.fixture(autouse=True)
def _snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "STATE_DIR", tmp_path)
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path / "snapshots")
    monkeypatch.setattr(settings, "BUNDLES_DIR", tmp_path / "bundles")
    monkeypatch.setattr(attempts, "LOOK_EVERY_SECONDS", 0.05)
    write_snapshot(tmp_path / "snapshots" / "small", made_up_tables(300))


@pytest.fixture(autouse=True)
def _no_studies() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS optuna CASCADE")


@pytest.fixture
def analyst() -> User:
    return UserFactory.create(role=Role.ANALYST, agency=None)


def silent() -> None:
    """Show no life."""


def wait_until(is_so: Callable[[], bool], *, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_now(attempt: Attempt, state: State) -> bool:
    attempt.refresh_from_db()
    return attempt.state == state


def kinds() -> list[str]:
    return list(AuditEvent.objects.values_list("kind", flat=True))


def test_the_worker_trains_once_however_often_the_message_comes_and_finds_what_no_message_carries(
    start_worker: Callable[[], subprocess.Popen[bytes]], analyst: User
) -> None:
    start_worker()

    run = lab.ask_training("small", QUICK, actor=analyst)
    for _ in range(3):
        tasks.enqueue_training(run.pk)
    wait_until(lambda: is_now(run, State.DONE))
    second = lab.ask_training("small", Plan(folds=2, lessons=(), seed=1), actor=analyst)
    tasks.close_lost_trainings()
    wait_until(lambda: is_now(second, State.DONE))

    assert run.version is not None
    assert sorted(run.figures, key=run.figures.__getitem__) == [
        "features",
        "fold 1 of 2",
        "fold 2 of 2",
        "final booster",
        "report",
        "fairness",
    ]
    assert ModelVersion.objects.count() == 2
    assert kinds() == [Kind.TRAINING_STARTED] * 2


def test_one_whose_worker_was_killed_is_broken_off_and_nobody_trains_it_again_unasked(
    start_worker: Callable[[], subprocess.Popen[bytes]], analyst: User
) -> None:
    worker = start_worker()
    run = lab.ask_training("small", LONG, actor=analyst)
    tasks.enqueue_training(run.pk)
    wait_until(lambda: is_now(run, State.RUNNING) and bool(run.figures))

    worker.kill()
    worker.wait()
    wait_until(lambda: bool(close_lost()))

    assert is_now(run, State.BROKEN_OFF)
    assert "mémoire" in failure_words(run)
    assert trainings.carry_out(run, alive=silent) is None
    assert not ModelVersion.objects.exists()


@pytest.mark.filterwarnings("ignore:.*")  # lightgbm's, of a training stopped midway
def test_a_training_under_way_stops_where_it_is_when_it_is_cancelled(analyst: User) -> None:
    run = lab.ask_training("small", LONG, actor=analyst)

    def cancel_once_it_runs() -> None:
        found = TrainingRun.objects.get(pk=run.pk)
        if found.figures and found.state == State.RUNNING:
            lab.cancel_training(found, actor=analyst)

    assert trainings.carry_out(run, alive=cancel_once_it_runs) is None

    assert is_now(run, State.CANCELLED)
    assert 0 < len(run.figures) < 24
    assert not ModelVersion.objects.exists()
    assert kinds() == [Kind.TRAINING_STARTED, Kind.TRAINING_CANCELLED]


def test_one_that_waits_is_cancelled_at_once_and_one_that_ended_never(analyst: User) -> None:
    run = lab.ask_training("small", QUICK, actor=analyst)

    lab.cancel_training(run, actor=analyst)

    assert trainings.carry_out(run, alive=silent) is None
    assert is_now(run, State.CANCELLED)
    with pytest.raises(LabError, match="terminé"):
        lab.cancel_training(run, actor=analyst)


@pytest.mark.parametrize(
    ("snapshot", "plan", "error", "sentence"),
    [
        ("gone", QUICK, TrainingDataError, "no snapshot 'gone'; known are small"),
        ("small", Plan(overrides={"depth": 3}), TrainingDataError, "Unknown parameter depth"),
        ("small", Plan(folds=301), TrainingDataError, "fewer labelled clients"),
        ("small", Plan(controlled=("age_years",)), AdmissionError, "give a reason for age_years"),
        ("small", Plan(controlled=("code_gender",), reason="x"), AdmissionError, "barred by law"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_written_down(
    analyst: User, snapshot: str, plan: Plan, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        lab.ask_training(snapshot, plan, actor=analyst)

    assert not TrainingRun.objects.exists()
    assert kinds() == []


def test_who_switched_a_controlled_feature_on_and_why_is_kept(analyst: User) -> None:
    plan = Plan(folds=2, lessons=(), controlled=("age_years",), reason="Asked by the risk committee")

    run = lab.ask_training("small", plan, actor=analyst)
    trainings.carry_out(run, alive=silent)

    event = AuditEvent.objects.get()
    assert (event.actor, event.data["controlled"], event.data["reason"]) == (analyst, ["age_years"], plan.reason)
    assert run.asked["reason"] == plan.reason
    assert run.version is not None
    assert "age_years" in run.version.features


def test_a_training_that_fails_says_why_in_the_language_of_the_reader(analyst: User) -> None:
    run = lab.ask_training("small", QUICK, actor=analyst)
    (Path(settings.SNAPSHOTS_DIR) / "small" / "application.parquet").unlink()

    with pytest.raises(TrainingDataError):
        trainings.carry_out(run, alive=silent)

    assert is_now(run, State.FAILED)
    assert run.error == "Snapshot 'small' lacks application.parquet; take a new one."
    assert (
        failure_words(run) == "Il manque application.parquet au cliché «\u00a0small\u00a0»\u202f; prenez-en un nouveau."
    )


def test_features_that_were_changed_stop_a_training_with_a_sentence_in_the_language_of_the_reader(
    analyst: User,
) -> None:
    folder = Path(settings.SNAPSHOTS_DIR) / "small"
    open_snapshot(folder.parent, "small").features()
    with (folder / "features.parquet").open("ab") as file:
        file.write(b"more")
    run = lab.ask_training("small", QUICK, actor=analyst)

    with pytest.raises(FeatureStoreError):
        trainings.carry_out(run, alive=silent)

    assert is_now(run, State.FAILED)
    assert "features.parquet a disparu ou a changé depuis son calcul" in failure_words(run)
    with override("en"):
        assert failure_words(run) == run.error


def test_a_plan_is_read_back_as_it_was_written() -> None:
    plan = Plan(seed=3, controlled=("age_years",), reason="why", overrides={"max_depth": 3})

    assert Plan.of_json(plan.to_json(), seed=3) == plan
    assert Search.of_json(Search(seed=4, controlled=("age_years",)).to_json()) == Search(
        seed=4, controlled=("age_years",)
    )


def test_a_search_is_stopped_and_gone_on_with_and_told_as_it_stands(analyst: User) -> None:
    search = Search(folds=2, lessons=())
    row = lab.ask_study("s", "small", search, Budget(trials=1_000), actor=analyst)

    def stop_after_two() -> None:
        found = Study.objects.get(pk=row.pk)
        if len(found.results) >= 2 and found.state == State.RUNNING:
            lab.cancel_study(found, actor=analyst)

    assert studies.carry_out(row, alive=stop_after_two) is None
    assert is_now(row, State.CANCELLED)
    done = len(row.results)
    row = lab.ask_study("s", "small", search, Budget(trials=max(done + 1, 11)), actor=analyst)
    found = studies.carry_out(row, alive=silent)

    assert found is not None
    assert is_now(row, State.DONE)
    assert [trial["number"] for trial in row.results] == list(range(max(done + 1, 11)))
    assert row.trials_before == done
    assert row.results == [{**each.__dict__, "settings": dict(each.settings)} for each in found.trials]
    assert kinds() == [Kind.STUDY_STARTED, Kind.STUDY_CANCELLED, Kind.STUDY_STARTED]


def test_a_search_at_work_is_not_asked_for_twice_nor_on_other_terms(analyst: User) -> None:
    row = lab.ask_study("s", "small", Search(folds=2), Budget(trials=1), actor=analyst)

    with pytest.raises(TrainingDataError, match="at work already"):
        lab.ask_study("s", "small", Search(folds=2), Budget(trials=2), actor=analyst)
    lab.cancel_study(row, actor=analyst)
    with pytest.raises(TrainingDataError, match="begun with folds 2, not 3"):
        lab.ask_study("s", "small", Search(folds=3), Budget(trials=2), actor=analyst)
    with pytest.raises(TrainingDataError, match="letters without accents"):
        lab.ask_study("é/", "small", Search(folds=3), Budget(trials=2), actor=analyst)


def test_a_study_whose_process_died_is_broken_off(analyst: User) -> None:
    row = lab.ask_study("s", "small", Search(folds=2), Budget(trials=1), actor=analyst)
    Study.objects.update(state=State.RUNNING, backend_pid=NOBODY)

    close_lost()

    assert is_now(row, State.BROKEN_OFF)
