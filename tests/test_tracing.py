from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection
from django.test import Client as Browser

from applications import audit
from applications.models import Agency, Application, AuditEvent, Kind, Policy, User
from applications.tracing import request_id, traced
from modelling.models import ModelVersion
from scoring_site.logs import json_formatter
from tests.factories import ApplicationFactory
from tests.pages import assessed, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def log_lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, object]]]:
    """Return what the log holds, written as in production."""
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(json_formatter())
    return lambda: [json.loads(line) for line in caplog.text.splitlines() if line.startswith("{")]


def test_a_proxy_may_choose_the_request_id(client: Browser) -> None:
    assert (
        client.get("/health/live", headers={"X-Request-ID": "proxy-0123456789"})["X-Request-ID"] == "proxy-0123456789"
    )


@pytest.mark.parametrize("given", ["short", 'x" injected="1', "a" * 41, "é" * 10])
def test_an_odd_request_id_is_replaced(given: str) -> None:
    with traced(given) as chosen:
        assert chosen != given
        assert re.fullmatch("[0-9a-f]{32}", chosen)


def test_outside_of_a_request_there_is_no_id() -> None:
    with traced("inside-inside"):
        pass

    assert request_id() == ""


def test_an_audit_event_carries_the_id_of_its_request(agency: Agency) -> None:
    with traced("the-request-id"):
        event = audit.record(Kind.PERSON_CREATED, actor=None, subject=agency)

    assert AuditEvent.objects.get(pk=event.pk).request_id == "the-request-id"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_id_travels_from_the_page_through_the_worker_into_the_audit_log(
    agency: Agency, champion: ModelVersion, policy: Policy, advisor: User, start_worker: Callable[[], object]
) -> None:
    application = assessed(agency=agency)
    Application.objects.filter(pk=application.pk).update(version=2)
    start_worker()

    browser_of(advisor).post(f"/applications/{application.pk}/assessment", headers={"X-Request-ID": "asked-on-a-page"})

    _wait_for(lambda: AuditEvent.objects.filter(kind=Kind.ASSESSMENT_MADE, request_id="asked-on-a-page").exists())


def _wait_for(is_so: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.1)


def test_the_log_holds_routes_and_nothing_that_was_typed(
    advisor: User, agency: Agency, log_lines: Callable[[], list[dict[str, object]]]
) -> None:
    application = ApplicationFactory.create(agency=agency)
    browser = browser_of(advisor)

    browser.get(f"/applications/{application.pk}?note=CANARY")
    browser.get("/applications/?q=CANARY")
    browser.get("/no/such/CANARY")
    browser.post("/login", {"username": "CANARY", "password": "CANARY"})

    lines = log_lines()
    assert "CANARY" not in json.dumps(lines)
    answered = [line for line in lines if line["event"] == "answered"]
    assert answered[0]["route"] == "applications/<int:number>"
    assert {line["status"] for line in answered} >= {200, 404}
    assert all(re.fullmatch("[0-9a-f]{32}", str(line["request_id"])) for line in answered)


def test_what_the_database_tells_of_a_row_is_left_out_of_the_log(
    agency: Agency, log_lines: Callable[[], list[dict[str, object]]]
) -> None:
    with pytest.raises(IntegrityError) as error, connection.cursor() as cursor:
        cursor.execute("INSERT INTO agency (code, name) VALUES (%s, 'CANARY')", [agency.code])

    logging.getLogger("tests").error("it failed", exc_info=error.value)

    [line] = [line for line in log_lines() if line["event"] == "it failed"]
    assert agency.code not in str(line["exception"])
    assert "DETAIL: left out" in str(line["exception"])
