from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test import Client as Browser

from applications import audit
from applications.models import Agency, Application, AuditEvent, Kind, Policy, User
from applications.tracing import request_id, traced
from modelling.models import ModelVersion
from scoring_site.logs import TRACE_AGAIN_AFTER_SECONDS, Briefly, json_formatter
from tests.factories import ApplicationFactory
from tests.pages import assessed, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def log_lines() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """Return what the log holds, written as in production."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(json_formatter())
    handler.addFilter(Briefly())
    root = logging.getLogger()
    others, root.handlers = root.handlers, [handler]
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers = others


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


@pytest.mark.parametrize(
    ("address", "route"),
    [("/applications/?q=CANARY", "applications/"), ("/api/v1/features/CANARY", "api/v1/features/<str:key>")],
)
def test_while_the_database_is_away_each_answer_is_one_line_and_the_trace_is_told_once(
    address: str,
    route: str,
    advisor: User,
    monkeypatch: pytest.MonkeyPatch,
    log_lines: Callable[[], list[dict[str, object]]],
) -> None:
    browser = browser_of(advisor)
    browser.raise_request_exception = False

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)

    answers = [browser.get(address, headers={"X-Request-ID": f"request-{place}"}) for place in range(5)]

    lines = log_lines()
    answered = [line for line in lines if line["event"] == "answered"]
    assert {answer.status_code for answer in answers} == {503}
    assert {(line["status"], line["failure"], line["level"]) for line in answered} == {
        (503, "OperationalError", "error")
    }
    assert [line["request_id"] for line in answered] == [f"request-{place}" for place in range(5)]
    assert {line["route"] for line in answered} == {route}
    [trace] = [line for line in lines if line["event"] != "answered"]
    assert "connection refused" in str(trace["exception"])
    assert "CANARY" not in json.dumps(lines)


def test_a_trace_is_told_again_after_a_minute_and_another_error_at_once() -> None:
    now = 1000.0
    briefly = Briefly(clock=lambda: now)

    assert is_told(briefly, KeyError())
    assert not is_told(briefly, KeyError())
    assert is_told(briefly, ValueError())
    now += TRACE_AGAIN_AFTER_SECONDS
    assert is_told(briefly, KeyError())


def is_told(briefly: Briefly, error: Exception) -> bool:
    """Tell whether the line of an error has its trace."""
    record = logging.LogRecord("tests", logging.ERROR, "", 0, "it failed", (), (type(error), error, None))
    return briefly.filter(record) and record.exc_info is not None


def test_what_the_database_tells_of_a_row_is_left_out_of_the_log(
    agency: Agency, log_lines: Callable[[], list[dict[str, object]]]
) -> None:
    with pytest.raises(IntegrityError) as error, connection.cursor() as cursor:
        cursor.execute("INSERT INTO agency (code, name) VALUES (%s, 'CANARY')", [agency.code])

    logging.getLogger("tests").error("it failed", exc_info=error.value)

    [line] = [line for line in log_lines() if line["event"] == "it failed"]
    assert agency.code not in str(line["exception"])
    assert "DETAIL: left out" in str(line["exception"])
