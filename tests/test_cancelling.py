"""A cancelled request is never answered, whatever message carries it and whoever is at it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connection, transaction
from django.utils import timezone

from applications.models import (
    Application,
    Assessment,
    AssessmentRequest,
    AuditEvent,
    Failure,
    Kind,
    Policy,
    RequestState,
    Role,
    User,
)
from applications.selectors.state import AssessmentState, assessment_state
from applications.services.assessing import computing
from applications.services.assessing.computing import Answer, InForce
from applications.services.assessing.failing import Reason, mark_failed
from applications.services.assessment import answer_requests, request_assessments
from applications.services.cancelling import cancel_requests
from applications.services.sweeping import take_back_lost_requests
from applications.tasks import enqueue
from modelling.models import ModelVersion
from tests.factories import ApplicationFactory, UserFactory
from tests.test_tasks import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return UserFactory.create(role=Role.ADMIN)


@pytest.fixture
def asked(champion: ModelVersion, policy: Policy) -> Application:
    application = ApplicationFactory.create()
    request_assessments([application.pk])
    return application


def test_a_cancelled_request_is_not_answered_when_its_message_comes_later(asked: Application, admin: User) -> None:
    assert cancel_requests([asked.pk], actor=admin) == 1

    assert answer_requests([asked.pk]) == 0
    assert AssessmentRequest.objects.get().state == RequestState.CANCELLED
    assert not Assessment.objects.exists()


def test_what_is_computed_for_it_meanwhile_is_dropped(
    asked: Application, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = computing.compute

    def compute_while_it_is_cancelled(versions: Mapping[int, int], used: InForce) -> list[Answer]:
        answers = compute(versions, used)
        cancel_requests([asked.pk], actor=admin)
        return answers

    monkeypatch.setattr(computing, "compute", compute_while_it_is_cancelled)

    assert answer_requests([asked.pk]) == 0
    assert AssessmentRequest.objects.get().state == RequestState.CANCELLED
    assert not Assessment.objects.exists()
    assert not AuditEvent.objects.filter(kind=Kind.ASSESSMENT_MADE).exists()


def test_it_does_not_become_a_failed_one(asked: Application, admin: User) -> None:
    cancel_requests([asked.pk], actor=admin)

    mark_failed([asked.pk], Reason(Failure.LAB))

    assert AssessmentRequest.objects.get().state == RequestState.CANCELLED
    assert not AuditEvent.objects.filter(kind=Kind.ASSESSMENT_FAILED).exists()


def test_the_sweeper_lets_it_lie(asked: Application, admin: User) -> None:
    AssessmentRequest.objects.update(state=RequestState.RUNNING, started_at=timezone.now(), backend_pid=2**31 - 1)
    cancel_requests([asked.pk], actor=admin)

    assert take_back_lost_requests(lambda queue: 0) == {}


def test_it_is_written_down_once(asked: Application, admin: User) -> None:
    cancel_requests([asked.pk], actor=admin)

    assert cancel_requests([asked.pk], actor=admin) == 0
    event = AuditEvent.objects.get(kind=Kind.REQUEST_CANCELLED)
    assert (event.subject_id, event.actor, event.data) == (str(asked.pk), admin, {"state": RequestState.QUEUED})


def test_who_asks_again_is_answered(asked: Application, admin: User) -> None:
    cancel_requests([asked.pk], actor=admin)
    request_assessments([asked.pk])

    assert answer_requests([asked.pk]) == 1


def test_a_queue_is_cancelled_without_the_others_and_what_failed_stays_failed(admin: User) -> None:
    mine, the_books, failed = ApplicationFactory.create_batch(3)
    request_assessments([mine.pk])
    request_assessments([the_books.pk, failed.pk], queue="book")
    mark_failed([failed.pk], Reason(Failure.LAB))

    assert cancel_requests(queue="book", actor=admin) == 1

    states = dict(AssessmentRequest.objects.values_list("pk", "state"))
    assert states == {
        mine.pk: RequestState.QUEUED, the_books.pk: RequestState.CANCELLED, failed.pk: RequestState.FAILED,
    }  # fmt: skip


def test_a_cancelled_request_leaves_the_assessment_before_it_in_force(asked: Application, admin: User) -> None:
    cancel_requests([asked.pk], actor=admin)
    assert assessment_state(Application.objects.get()) == AssessmentState.CANCELLED
    request_assessments([asked.pk])
    answer_requests([asked.pk])

    request_assessments([asked.pk])
    cancel_requests([asked.pk], actor=admin)

    assert assessment_state(Application.objects.get()) == AssessmentState.CURRENT


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_answers_neither_what_was_cancelled_before_nor_what_is_cancelled_in_its_hands(
    champion: ModelVersion, policy: Policy, admin: User, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    before, in_hand, wanted = ApplicationFactory.create_batch(3)
    ask_for(before)
    cancel_requests([before.pk], actor=admin)

    with credit_history_locked():
        start_worker()
        ask_for(in_hand)
        wait_until(lambda: state_of(in_hand) == RequestState.RUNNING, seconds=60)
        cancel_requests([in_hand.pk], actor=admin)
    ask_for(wanted)
    wait_until(lambda: state_of(wanted) is None, seconds=60)

    assert Assessment.objects.get().application == wanted
    assert {state_of(before), state_of(in_hand)} == {RequestState.CANCELLED}
    assert AuditEvent.objects.filter(kind=Kind.REQUEST_CANCELLED).count() == 2


@transaction.atomic
def ask_for(application: Application) -> None:
    request_assessments([application.pk])
    enqueue([application.pk])


def state_of(application: Application) -> str | None:
    return AssessmentRequest.objects.filter(pk=application.pk).values_list("state", flat=True).first()


@contextmanager
def credit_history_locked() -> Iterator[None]:
    """Have whoever computes an assessment wait for as long as it lasts."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    with closing(psycopg2.connect(database.geturl())) as there, there.cursor() as cursor:
        cursor.execute("LOCK TABLE bureau IN ACCESS EXCLUSIVE MODE")
        yield
