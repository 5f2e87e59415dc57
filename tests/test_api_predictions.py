from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import (
    Agency,
    Application,
    Assessment,
    Policy,
    User,
)
from modelling.models import ModelVersion
from tests.api import FACTS, Ask, ask_as, assert_problem
from tests.pages import assessed

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(advisor: User) -> Ask:
    return ask_as(advisor)


@pytest.fixture
def in_force(champion: ModelVersion, policy: Policy) -> None:
    """Put a model version and a policy in force."""


@pytest.mark.usefixtures("in_force")
def test_a_known_application_gets_the_probability_that_would_be_stored(ask: Ask, agency: Agency) -> None:
    application = assessed(agency=agency)

    told = ask("POST", "predictions", {"application": application.pk}).json()

    stored = Assessment.objects.get()
    assert told["probability"] == stored.probability
    assert [reason["name"] for reason in told["raising"]] == [r["feature"] for r in stored.reasons["raising"]]


@pytest.mark.usefixtures("in_force")
def test_a_known_application_is_predicted_without_its_facts_and_without_features_of_others(
    ask: Ask, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = assessed(agency=agency)
    monkeypatch.delattr("applications.services.predictions.assess_tables")

    with CaptureQueriesContext(connection) as queries:
        answer = ask("POST", "predictions", {"application": application.pk})

    assert answer.status_code == 200
    asked = [query["sql"] for query in queries if query["sql"].startswith(("SELECT", "\n"))]
    assert len(asked) == 6  # the key, version and policy in force, who may see it, its version, its features
    assert not any("amt_credit" in sql for sql in asked)


@pytest.mark.usefixtures("in_force")
def test_facts_alone_get_a_probability_and_nothing_is_stored(ask: Ask) -> None:
    told = ask("POST", "predictions", {"facts": FACTS}).json()

    assert 0 < told["probability"] < 1
    assert told["recommendation"] in {"accept", "refer", "refuse"}
    assert told["error"] == ""
    assert not Application.objects.exists()
    assert not Assessment.objects.exists()


@pytest.mark.usefixtures("in_force")
def test_a_batch_keeps_its_order_and_one_error_stops_no_other(ask: Ask, agency: Agency) -> None:
    application = assessed(agency=agency)
    items = [{"facts": FACTS}, {"application": 999999999}, {"application": application.pk}, {"facts": FACTS}]

    told = ask("POST", "predictions/batch", {"items": items}).json()["items"]

    assert [each["application"] for each in told] == [None, 999999999, application.pk, None]
    assert [each["probability"] is None for each in told] == [False, True, False, False]
    assert "999999999" in told[1]["error"]
    assert told[0]["probability"] == told[3]["probability"]


@pytest.mark.usefixtures("in_force")
def test_a_foreign_application_is_not_predicted(ask: Ask) -> None:
    foreign = assessed()

    assert_problem(ask("POST", "predictions", {"application": foreign.pk}), 404)
    [told] = ask("POST", "predictions/batch", {"items": [{"application": foreign.pk}]}).json()["items"]
    assert told["probability"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"application": 1, "facts": FACTS}, ""),
        ({"facts": {**FACTS, "amt_credit": "x"}}, "/facts/amt_credit"),
        ({"application": "x"}, "/application"),
    ],
)
def test_what_is_not_as_expected_is_named(ask: Ask, body: object, pointer: str) -> None:
    problem = assert_problem(ask("POST", "predictions", body), 400)

    assert pointer in [fault["pointer"] for fault in problem["errors"]]


@pytest.mark.parametrize("items", [[], [{"application": 1}] * 1001, "x", None])
def test_a_batch_has_one_to_a_thousand_items(ask: Ask, items: object) -> None:
    assert_problem(ask("POST", "predictions/batch", {"items": items}), 400)


def test_before_anything_is_in_force_nothing_is_predicted(ask: Ask) -> None:
    assert_problem(ask("POST", "predictions", {"facts": FACTS}), 503)
