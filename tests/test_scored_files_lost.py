from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from applications.models import AuditEvent, Failure, FileState, Kind, Policy, ScoredFile, User
from applications.services.assessment import GIVE_UP_AFTER_ATTEMPTS
from applications.services.scored_files.keeping import FACTS_KEPT_HOURS, RESULTS_KEPT_DAYS, drop_old_files
from applications.services.scored_files.scoring import ask_scoring, score_file
from applications.services.sweeping import take_back_lost_files
from applications.tasks import enqueue_file
from modelling.models import ModelVersion
from tests.api import FACTS
from tests.test_sweeping import NOBODY, nothing_waits
from tests.test_tasks import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(advisor: User) -> ScoredFile:
    return file_of_lines(advisor, 3)


def file_of_lines(author: User, lines: int) -> ScoredFile:
    items = [{"line": 2 + number, "number": number, "facts": FACTS} for number in range(lines)]
    file = ScoredFile.objects.create(author=author, name="salon.csv", digest="", lines=lines, items=items)
    ask_scoring(file)
    return file


def test_a_file_whose_worker_died_waits_again_and_is_scored_once(
    file: ScoredFile, champion: ModelVersion, policy: Policy
) -> None:
    ScoredFile.objects.update(state=FileState.RUNNING, attempts=1, scored_lines=2, backend_pid=NOBODY)

    assert take_back_lost_files(nothing_waits) == [file.pk]
    score_file(file.pk)
    score_file(file.pk)

    file.refresh_from_db()
    assert (file.state, len(file.results or []), file.items) == (FileState.DONE, 3, [])
    assert AuditEvent.objects.filter(kind=Kind.FILE_SCORED).count() == 1


def test_a_file_in_the_hands_of_a_living_worker_is_left_alone(file: ScoredFile) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
    ScoredFile.objects.update(state=FileState.RUNNING, backend_pid=mine)

    assert take_back_lost_files(nothing_waits) == []
    score_file(file.pk)
    assert ScoredFile.objects.get().state == FileState.RUNNING


def test_a_file_whose_message_was_lost_is_queued_again_once_nothing_waits(file: ScoredFile) -> None:
    assert take_back_lost_files(nothing_waits) == []
    ScoredFile.objects.update(asked_at=timezone.now() - timedelta(hours=1))

    assert take_back_lost_files(lambda _queue: 1) == []
    assert take_back_lost_files(nothing_waits) == [file.pk]


def test_a_file_that_kills_its_workers_is_given_up(file: ScoredFile) -> None:
    ScoredFile.objects.update(state=FileState.RUNNING, attempts=GIVE_UP_AFTER_ATTEMPTS, backend_pid=NOBODY)

    assert take_back_lost_files(nothing_waits) == []
    assert ScoredFile.objects.get().failure == Failure.GAVE_UP


def test_a_file_thrown_away_meanwhile_leaves_nothing(file: ScoredFile, champion: ModelVersion, policy: Policy) -> None:
    file.delete()

    score_file(file.pk or 0)

    assert not ScoredFile.objects.exists()
    assert not AuditEvent.objects.filter(kind=Kind.FILE_SCORED).exists()


def test_what_files_hold_is_dropped_in_time(file: ScoredFile) -> None:
    now = timezone.now()
    kept = ScoredFile.objects.create(
        author=file.author, name="fait.csv", digest="", lines=0, state=FileState.DONE, results=[]
    )

    assert drop_old_files(now) == 0
    assert drop_old_files(now + timedelta(hours=FACTS_KEPT_HOURS, minutes=1)) == 1
    assert ScoredFile.objects.get() == kept
    assert drop_old_files(now + timedelta(days=RESULTS_KEPT_DAYS, minutes=1)) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(
    advisor: User,
    champion: ModelVersion,
    policy: Policy,
    start_worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    worker, file = start_worker(), file_of_lines(advisor, 5_000)
    enqueue_file(file.pk)

    wait_until(lambda: ScoredFile.objects.get().scored_lines > 0, seconds=60)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    found = ScoredFile.objects.get()
    assert (found.state, found.results) == (FileState.RUNNING, None)

    start_worker()
    wait_until(lambda: bool(take_back_lost_files(nothing_waits)), seconds=10)
    enqueue_file(file.pk)
    wait_until(lambda: ScoredFile.objects.get().state == FileState.DONE, seconds=60)
    assert len(ScoredFile.objects.get().results or []) == 5_000
    assert AuditEvent.objects.filter(kind=Kind.FILE_SCORED).count() == 1
