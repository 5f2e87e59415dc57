from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from applications.models import Application, AssessmentRequest, RequestState
from applications.services.assessment import request_assessments
from applications.services.sweeping import take_back_lost_requests
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db

NOBODY = 2**31 - 1


def nothing_waits(queue: str) -> int:
    return 0


@pytest.fixture
def asked() -> Application:
    application = ApplicationFactory.create()
    request_assessments([application.pk])
    return application


def set_request(**facts: object) -> None:
    AssessmentRequest.objects.update(**facts)


def seconds_ago(seconds: float) -> object:
    return timezone.now() - timedelta(seconds=seconds)


def test_a_running_request_of_a_dead_worker_is_queued_again(asked: Application) -> None:
    set_request(state=RequestState.RUNNING, started_at=timezone.now(), backend_pid=NOBODY)

    assert take_back_lost_requests(nothing_waits) == {"interactive": [asked.pk]}
    assert AssessmentRequest.objects.get().state == RequestState.QUEUED


def test_a_running_request_of_a_living_worker_is_left_alone(asked: Application) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
    set_request(state=RequestState.RUNNING, started_at=timezone.now(), backend_pid=mine)

    assert take_back_lost_requests(nothing_waits) == {}


def test_a_request_past_its_time_limit_is_queued_again(asked: Application) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
    long_ago = seconds_ago(settings.CELERY_TASK_TIME_LIMIT + 60)
    set_request(state=RequestState.RUNNING, started_at=long_ago, backend_pid=mine)

    assert take_back_lost_requests(nothing_waits) == {"interactive": [asked.pk]}


@pytest.mark.parametrize(
    ("waiting", "age_seconds", "is_lost"),
    [(0, 60, True), (3, 60, False), (0, 1, False)],
    ids=["old, its queue empty", "old, its queue busy", "just asked"],
)
def test_a_queued_request_is_lost_when_old_and_its_queue_is_empty(
    asked: Application, waiting: int, age_seconds: float, is_lost: bool
) -> None:
    set_request(enqueued_at=seconds_ago(age_seconds))
    waiting_in: Callable[[str], int] = lambda queue: waiting  # noqa: E731

    assert bool(take_back_lost_requests(waiting_in)) == is_lost


def test_a_failed_request_waits_for_a_person(asked: Application) -> None:
    set_request(state=RequestState.FAILED, enqueued_at=seconds_ago(3600), backend_pid=NOBODY)

    assert take_back_lost_requests(nothing_waits) == {}
