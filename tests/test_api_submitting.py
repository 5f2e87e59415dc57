from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from applications.models import (
    Agency,
    Application,
    AssessmentRequest,
    AuditEvent,
    Kind,
    Role,
    Scope,
    User,
)
from applications.services.api_keys import create_key
from tests.api import FACTS, Ask, ask_as, assert_problem
from tests.factories import AgencyFactory, ApplicationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(advisor: User) -> Ask:
    return ask_as(advisor)


def test_what_is_submitted_is_stored_and_waits_for_its_assessment(ask: Ask, advisor: User) -> None:
    response = ask("POST", "applications", {"facts": FACTS})

    assert response.status_code == 201
    application = Application.objects.get(pk=response.json()["number"])
    assert response.headers["Location"] == f"/api/v1/applications/{application.pk}"
    assert (application.agency, application.amt_credit) == (advisor.agency, 406597.5)
    assert AssessmentRequest.objects.filter(application=application).exists()
    assert AuditEvent.objects.filter(kind=Kind.APPLICATION_CHANGED, actor=advisor).exists()


def test_submitting_for_a_known_client_asks_the_database_six_times(ask: Ask, agency: Agency) -> None:
    known = ApplicationFactory.create(agency=agency)
    body = {"facts": FACTS, "client": known.client_id}
    ask("POST", "applications", body)

    with CaptureQueriesContext(connection) as queries:
        ask("POST", "applications", body)

    asked = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == 6, asked


def test_what_the_law_bars_from_models_is_taken_in_by_its_published_words(ask: Ask) -> None:
    barred = {"code_gender": "F", "name_family_status": "Single / not married"}

    response = ask("POST", "applications", {"facts": {**FACTS, **barred}})

    assert response.status_code == 201
    assert Application.objects.filter(pk=response.json()["number"], **barred).exists()
    assert ask("POST", "applications", {"facts": {**FACTS, "code_gender": "Z"}}).status_code == 400


def test_a_known_client_may_apply_again(ask: Ask, agency: Agency) -> None:
    known = ApplicationFactory.create(agency=agency)

    response = ask("POST", "applications", {"facts": FACTS, "client": known.client_id})

    assert response.json()["client"] == known.client_id


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/facts"),
        ({"facts": {}}, "/facts/amt_credit"),
        ({"facts": {**FACTS, "amt_credit": "much"}}, "/facts/amt_credit"),
        ({"facts": {**FACTS, "amt_credit": 1e300}}, "/facts/amt_credit"),
        ({"facts": {**FACTS, "amt_credit": None}}, "/facts/amt_credit"),
        ({"facts": {**FACTS, "name_contract_type": "Gold"}}, "/facts/name_contract_type"),
        ({"facts": {**FACTS, "ammt_credit": 1}}, "/facts/ammt_credit"),
        ({"facts": {**FACTS, "target": 1}}, "/facts/target"),
        ({"facts": FACTS, "surprise": 1}, "/surprise"),
        ({"facts": FACTS, "client": 999999999}, "/client"),
        ({"facts": FACTS, "agency": "elsewhere"}, "/agency"),
        ({"facts": FACTS, "received_on": "soon"}, "/received_on"),
    ],
)
def test_what_is_not_as_expected_is_named_and_nothing_is_stored(ask: Ask, body: object, pointer: str) -> None:
    AgencyFactory.create(code="elsewhere")

    problem = assert_problem(ask("POST", "applications", body), 400)

    assert pointer in [fault["pointer"] for fault in problem["errors"]]
    assert not Application.objects.exists()


def test_the_same_idempotency_key_has_one_effect_and_one_answer(ask: Ask) -> None:
    first, again = (ask("POST", "applications", {"facts": FACTS}, Idempotency_Key="word") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert Application.objects.count() == 1


def test_the_same_idempotency_key_with_another_body_is_refused(ask: Ask) -> None:
    ask("POST", "applications", {"facts": FACTS}, Idempotency_Key="word")

    problem = ask("POST", "applications", {"facts": {**FACTS, "amt_credit": 1}}, Idempotency_Key="word")

    assert_problem(problem, 422)


def test_a_refused_request_keeps_its_idempotency_key_free(ask: Ask) -> None:
    assert_problem(ask("POST", "applications", {"facts": {}}, Idempotency_Key="word"), 400)

    assert ask("POST", "applications", {"facts": FACTS}, Idempotency_Key="word").status_code == 201


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"facts": NaN}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"{" + b" " * 6_000_000 + b"}", "application/json", 413),
    ],
)
def test_a_body_that_is_no_json_object_is_a_problem(advisor: User, content: bytes, kind: str, status: int) -> None:
    secret = create_key("test", person=advisor, scopes=Scope.values, actor=None).secret

    response = Browser().generic(
        "POST", "/api/v1/applications", content, kind, headers={"Authorization": f"Bearer {secret}"}
    )

    assert_problem(response, status)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_who_may_not_ask_for_assessments_may_not_submit(role: Role, agency: Agency) -> None:
    assert_problem(ask_as(UserFactory.create(role=role, agency=agency))("POST", "applications", {"facts": FACTS}), 404)
