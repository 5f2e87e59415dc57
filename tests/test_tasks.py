from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction

from applications import audit
from applications.models import Application, Assessment, AssessmentRequest, AuditEvent, Kind, Policy, RequestState
from applications.selectors.queues import open_connections
from applications.services.assessment import request_assessments
from applications.tasks import enqueue, make_preview, sweep_lost_requests
from modelling.models import ModelVersion
from scoring_site import celery_app
from tests.factories import AgencyFactory, ApplicationFactory

StartWorker = Callable[[], "subprocess.Popen[bytes]"]


def wait_until(is_so: Callable[[], bool], *, seconds: float) -> None:
    """Wait; fails when it is not so in time."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not so after {seconds} s"
        time.sleep(0.1)


def nothing_is_open() -> bool:
    return not AssessmentRequest.objects.exclude(state=RequestState.FAILED).exists()


@transaction.atomic
def ask_for(applications: list[Application], *, queue: str = "interactive") -> None:
    numbers = [application.pk for application in applications]
    request_assessments(numbers, queue=queue)
    enqueue(numbers, queue=queue)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_answers_what_was_committed(champion: ModelVersion, policy: Policy, start_worker: StartWorker) -> None:
    start_worker()
    application = ApplicationFactory.create()

    ask_for([application])

    wait_until(nothing_is_open, seconds=60)
    assert Assessment.objects.get().application == application


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_keeps_its_connection_to_the_database_until_a_task_fails(
    champion: ModelVersion, policy: Policy, start_worker: StartWorker
) -> None:
    """What a failed task claimed is free once its connection is gone."""
    others = open_connections()
    start_worker()
    ask_for([ApplicationFactory.create()])
    wait_until(nothing_is_open, seconds=60)
    its_own = open_connections() - others

    ask_for([ApplicationFactory.create()])
    wait_until(nothing_is_open, seconds=60)
    kept = open_connections() - others
    make_preview.apply_async((0,), queue="interactive")

    assert kept == its_own != set()
    wait_until(lambda: not kept & open_connections(), seconds=60)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_killed_in_the_middle_leave_exactly_one_result_each(
    champion: ModelVersion, policy: Policy, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL a worker three times while 300 applications are assessed ten by ten; the sweeper finds what was lost."""
    monkeypatch.setattr(settings, "ASSESSMENT_CHUNK_SIZE", 10)
    monkeypatch.setattr(settings, "REQUEST_LOST_AFTER_SECONDS", 1)
    applications = ApplicationFactory.create_batch(300, agency=AgencyFactory.create())
    ask_for(applications, queue="book")
    when = random.Random(4)

    for _ in range(3):
        done = Assessment.objects.count()
        worker = start_worker()
        wait_until(lambda before=done: Assessment.objects.count() > before, seconds=60)  # type: ignore[misc]
        time.sleep(when.uniform(0, 0.1))
        worker.kill()
        worker.wait()
    start_worker()

    def sweep_until_done() -> bool:
        sweep_lost_requests()
        return nothing_is_open()

    wait_until(sweep_until_done, seconds=90)
    assessed = list(Assessment.objects.order_by("application_id").values_list("application_id", flat=True))
    assert assessed == sorted(application.pk for application in applications)
    assert AuditEvent.objects.filter(kind=Kind.ASSESSMENT_MADE).count() == len(applications)
    assert audit.first_broken_link() is None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_while_the_broker_is_away(
    policy: Policy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(celery_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(celery_app, "_pool", None)
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)
    application = ApplicationFactory.create()

    ask_for([application])

    assert AssessmentRequest.objects.get().state == RequestState.QUEUED
    assert "the broker is away: 1 requests wait in the database" in caplog.text
