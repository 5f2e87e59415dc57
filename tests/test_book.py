"""Runs over the book: what they assess, how they are stopped and gone on with, and what vouches for their work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from billiard import current_process
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import audit, tasks
from applications.errors import RunError
from applications.models import (
    Application,
    Assessment,
    AssessmentChunk,
    AssessmentRequest,
    AssessmentRun,
    AuditEvent,
    ChunkState,
    Failure,
    Kind,
    RequestState,
    RunState,
    Stage,
)
from applications.selectors.journal import journal_page
from applications.selectors.queues import messages_in
from applications.services import book, runs
from applications.services.assessing import computing
from applications.services.assessing.computing import Answer, InForce
from applications.services.assessment import GIVE_UP_AFTER_ATTEMPTS, request_assessments
from applications.services.heartbeats import note_people
from applications.services.policies import activate
from applications.services.sweeping import take_back_lost_turns
from tests.factories import AgencyFactory, ApplicationFactory, ClientFactory, PolicyFactory
from tests.pages import assessed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("champion", "policy", "_small_chunks")]

NOBODY = 2**31 - 1


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BOOK_CHUNK_SIZE", 2)


def started(where: str = "") -> AssessmentRun:
    run = runs.start_run(where, actor=None)
    assert run is not None
    return run


def work_through(run: AssessmentRun) -> AssessmentRun:
    while book.assess_next_chunk(run.pk):
        pass
    run.refresh_from_db()
    return run


def test_a_run_assesses_the_whole_book_chunk_by_chunk() -> None:
    applications = ApplicationFactory.create_batch(5)

    run = work_through(started())

    assert (run.state, run.total) == (RunState.DONE, 5)
    assert [chunk.assessed for chunk in run.chunks.all()] == [2, 2, 1]
    for application in applications:
        application.refresh_from_db()
        assert application.stage == Stage.TO_DECIDE
        assert application.current_assessment is not None
        assert application.current_assessment.application_id == application.pk


def test_the_book_says_of_a_client_what_is_said_of_him_alone() -> None:
    alone = assessed()
    twin = ApplicationFactory.create(client=ClientFactory.create())
    work_through(started())

    one, other = Assessment.objects.order_by("pk")
    assert (one.application_id, other.application_id) == (alone.pk, twin.pk)
    assert one.chunk is None
    assert (one.probability, one.base, one.reasons) == (other.probability, other.base, other.reasons)
    assert (bytes(one.values), bytes(one.contributions)) == (bytes(other.values), bytes(other.contributions))


def test_two_applications_of_one_client_are_one_chunks() -> None:
    client = ClientFactory.create()
    for number in (900_001, 900_002, 900_003):
        ApplicationFactory.create(client=client, sk_id_curr=number)

    run = work_through(started())

    assert [(chunk.size, chunk.assessed) for chunk in run.chunks.all()] == [(3, 3)]


def test_what_is_up_to_date_is_left_alone() -> None:
    assessed()

    assert runs.start_run("", actor=None) is None


def test_an_open_request_is_answered_by_the_way() -> None:
    application = ApplicationFactory.create()
    request_assessments([application.pk])

    work_through(started())

    assert not AssessmentRequest.objects.exists()


def test_only_one_run_is_open() -> None:
    ApplicationFactory.create()
    started()

    with pytest.raises(RunError):
        runs.start_run("", actor=None)


def test_a_paused_run_goes_on_where_it_stopped() -> None:
    ApplicationFactory.create_batch(5)
    run = started()
    book.assess_next_chunk(run.pk)

    runs.pause(run, actor=None)
    assert not book.assess_next_chunk(run.pk)
    assert Assessment.objects.count() == 2

    runs.resume(run, actor=None)
    assert work_through(run).state == RunState.DONE
    assert Assessment.objects.count() == 5


def test_a_cancelled_run_keeps_what_is_stored_and_begins_nothing() -> None:
    ApplicationFactory.create_batch(5)
    run = started()
    book.assess_next_chunk(run.pk)

    runs.cancel(run, actor=None)

    assert not book.assess_next_chunk(run.pk)
    assert Assessment.objects.count() == 2
    with pytest.raises(RunError, match="Annul"):
        runs.resume(run, actor=None)


def test_the_audit_log_is_locked_only_when_nothing_is_left_to_check() -> None:
    ApplicationFactory.create()
    run = started()

    with CaptureQueriesContext(connection) as queries:
        work_through(run)

    said = [query["sql"] for query in queries]
    [checked] = [place for place, sql in enumerate(said) if sql.startswith("SET CONSTRAINTS ALL IMMEDIATE")]
    [vouched] = [place for place, sql in enumerate(said) if "book_chunk_assessed" in sql]
    assert checked < vouched
    assert not any(sql.startswith(("INSERT", "UPDATE", "DELETE")) for sql in said[checked:vouched])


def test_what_a_cancelled_run_has_in_hand_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    ApplicationFactory.create()
    run, compute = started(), computing.compute

    def cancel_meanwhile(versions: Mapping[int, int], used: InForce) -> list[Answer]:
        runs.cancel(run, actor=None)
        return compute(versions, used)

    monkeypatch.setattr(computing, "compute", cancel_meanwhile)
    book.assess_next_chunk(run.pk)

    assert not Assessment.objects.exists()


def test_facts_that_change_meanwhile_are_left_to_their_own_request(monkeypatch: pytest.MonkeyPatch) -> None:
    changed, same = ApplicationFactory.create_batch(2)
    run, compute = started(), computing.compute

    def change_meanwhile(versions: Mapping[int, int], used: InForce) -> list[Answer]:
        Application.objects.filter(pk=changed.pk).update(version=2)
        request_assessments([changed.pk])
        return compute(versions, used)

    monkeypatch.setattr(computing, "compute", change_meanwhile)
    work_through(run)

    assert Assessment.objects.get().application_id == same.pk
    assert AssessmentRequest.objects.get().application_id == changed.pk


def test_one_bad_file_fails_alone_and_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BOOK_CHUNK_SIZE", 10)
    applications = ApplicationFactory.create_batch(7)
    bad, compute = applications[3].pk, computing.compute

    def break_on_the_bad_one(versions: Mapping[int, int], used: InForce) -> list[Answer]:
        if bad in versions:
            raise ZeroDivisionError
        return compute(versions, used)

    monkeypatch.setattr(computing, "compute", break_on_the_bad_one)
    run = work_through(started())

    assert run.state == RunState.DONE
    assert [(chunk.assessed, chunk.failed) for chunk in run.chunks.all()] == [(6, 1)]
    request = AssessmentRequest.objects.get()
    assert (request.application_id, request.state, request.failure) == (bad, RequestState.FAILED, Failure.UNFORESEEN)


def test_a_run_ends_when_another_policy_comes_in_force() -> None:
    ApplicationFactory.create()
    run = started()
    activate(PolicyFactory.create(is_active=False), actor=None)

    assert not book.assess_next_chunk(run.pk)

    run.refresh_from_db()
    assert (run.state, run.failure) == (RunState.FAILED, Failure.SUPERSEDED)
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("place", [0, 10_000])
def test_while_people_wait_only_some_processes_take_a_chunk_and_the_others_pass_their_turn_on(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any], place: int
) -> None:
    ApplicationFactory.create_batch(3)
    run = started()
    monkeypatch.setattr(current_process(), "index", place, raising=False)
    monkeypatch.setattr(tasks, "STAND_ASIDE_SECONDS", 0)
    turns = messages_in("book")
    note_people()

    with django_capture_on_commit_callbacks(execute=True):
        tasks.assess_book(run.pk)

    assert run.chunks.filter(state=ChunkState.DONE).count() == (place == 0)
    assert messages_in("book") == turns + 1


def test_the_chunk_of_a_dead_worker_is_taken_up_again() -> None:
    ApplicationFactory.create()
    run = started()
    run.chunks.update(state=ChunkState.RUNNING, backend_pid=NOBODY, attempts=1)

    assert take_back_lost_turns(lambda queue: 0) == {run.pk: 1}
    assert work_through(run).state == RunState.DONE


def test_no_turn_is_given_out_anew_while_some_wait() -> None:
    ApplicationFactory.create()
    started()

    assert take_back_lost_turns(lambda queue: 1) == {}


def test_a_run_whose_last_worker_died_at_its_end_is_ended_by_the_sweeper() -> None:
    ApplicationFactory.create()
    run = started()
    run.chunks.update(state=ChunkState.DONE)

    assert take_back_lost_turns(lambda queue: 0) == {}
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_a_chunk_that_kills_its_workers_is_given_up_and_the_others_go_on() -> None:
    ApplicationFactory.create_batch(3)
    run = started()
    run.chunks.filter(number=1).update(state=ChunkState.RUNNING, backend_pid=NOBODY, attempts=GIVE_UP_AFTER_ATTEMPTS)

    take_back_lost_turns(lambda queue: 0)
    work_through(run)

    first, second = run.chunks.all()
    assert (first.state, first.failure) == (ChunkState.FAILED, Failure.GAVE_UP)
    assert (second.state, run.state) == (ChunkState.DONE, RunState.DONE)


def test_a_worker_thought_dead_stores_nothing_beside_its_successor(monkeypatch: pytest.MonkeyPatch) -> None:
    ApplicationFactory.create()
    run, compute = started(), computing.compute

    def be_slow(versions: Mapping[int, int], used: InForce) -> list[Answer]:
        AssessmentChunk.objects.update(attempts=2)  # somebody else took it up
        return compute(versions, used)

    monkeypatch.setattr(computing, "compute", be_slow)
    book.assess_next_chunk(run.pk)

    assert not Assessment.objects.exists()


def test_a_chunk_whose_time_is_up_waits_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ApplicationFactory.create()
    run = started()

    def never_end(versions: Mapping[int, int], used: InForce) -> list[Answer]:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(computing, "compute", never_end)
    with pytest.raises(SoftTimeLimitExceeded):
        book.assess_next_chunk(run.pk)

    assert AssessmentChunk.objects.get().state == ChunkState.WAITING


def test_one_event_vouches_for_all_that_a_chunk_stored() -> None:
    applications = ApplicationFactory.create_batch(2)
    work_through(started())

    event = AuditEvent.objects.get(kind=Kind.BOOK_CHUNK_ASSESSED)
    assert event.data["assessments"] == 2
    assert audit.first_broken_link() is None
    assert audit.first_unrecorded_assessment() is None
    assert [each.pk for each in journal_page(application=applications[0].pk).events] == [event.pk]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE assessment SET probability = 0.5 WHERE application_id = %s",
        "UPDATE assessment SET reasons = '{}' WHERE application_id = %s",
        "UPDATE assessment SET contributions = '\\x00' WHERE application_id = %s",
        "UPDATE assessment SET chunk_id = NULL WHERE application_id = %s",
    ],
)
def test_an_assessment_changed_by_a_superuser_breaks_its_chunks_digest(change: str) -> None:
    application, _ = ApplicationFactory.create_batch(2)
    work_through(started())

    as_superuser(change, application.pk)

    broken = audit.first_broken_link()
    assert broken is not None
    assert broken.event == AuditEvent.objects.get(kind=Kind.BOOK_CHUNK_ASSESSED).pk
    with pytest.raises(CommandError, match="broken at event"):
        call_command("verify_audit")


def test_an_assessment_that_no_event_vouches_for_is_named() -> None:
    application = assessed()
    copied = (
        "INSERT INTO assessment SELECT (json_populate_record(made, json_build_object('id', id + 1, 'purpose', 'x'))).* "
        "FROM assessment AS made WHERE application_id = %s"
    )
    as_superuser(copied, application.pk)

    assert audit.first_unrecorded_assessment() == Assessment.objects.latest("pk").pk
    with pytest.raises(CommandError, match="No event of the audit log vouches"):
        call_command("verify_audit")


def as_superuser(change: str, application: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(change, (application,))
        cursor.execute("SET session_replication_role = DEFAULT")


def test_the_report_tells_who_is_advised_otherwise() -> None:
    nantes = AgencyFactory.create(name="Nantes")
    assessed(agency=nantes)
    ApplicationFactory.create(agency=nantes)
    before = Assessment.objects.get()
    activate(PolicyFactory.create(is_active=False, accept_below=0.98, refuse_from=0.99), actor=None)

    report = work_through(started()).report

    assert (report["assessed"], report["compared"], report["changed"]) == (2, 1, 1)
    assert report["moves"] == [{"before": before.recommendation, "after": "accept", "applications": 1}]
    (agency,) = report["agencies"]
    assert (agency["name"], agency["changed"], agency["newly_accepted"]) == ("Nantes", 1, 1)
    assert [band["name"] for band in report["bands"]] == [before.risk_level]
    assert sum(report["histogram"]) == 1
    assert report["movement"] == [0, 0, 0]
    assert report["reasons"] == []
