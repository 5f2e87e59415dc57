from __future__ import annotations

from math import exp
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from applications.models import (
    Agency,
    Assessment,
    Policy,
    User,
)
from modelling.models import ModelVersion
from tests.api import Ask, ask_as, assert_problem
from tests.factories import AgencyFactory, ApplicationFactory
from tests.pages import assessed, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(advisor: User) -> Ask:
    return ask_as(advisor)


def test_the_list_is_newest_first_and_turns_by_cursor(ask: Ask, agency: Agency) -> None:
    made = ApplicationFactory.create_batch(60, agency=agency)

    first = ask("GET", "applications").json()
    second = ask("GET", first["next"].split("/api/v1/")[1]).json()

    numbers = [row["number"] for row in first["results"] + second["results"]]
    assert sorted(numbers) == sorted(application.pk for application in made)
    assert second["next"] is None


@pytest.mark.parametrize(
    ("filters", "found"),
    [("stage=to_assess", 1), ("stage=refused", 0), ("received_from=2026-09-02", 0), ("received_to=2026-09-01", 1)],
)
def test_the_list_is_filtered(ask: Ask, agency: Agency, filters: str, found: int) -> None:
    ApplicationFactory.create(agency=agency)

    assert len(ask("GET", f"applications?{filters}").json()["results"]) == found


@pytest.mark.parametrize("filters", ["stage=nonsense", "received_from=yesterday", "unknown=1", "agency=%00"])
def test_a_filter_that_makes_no_sense_is_named(ask: Ask, filters: str) -> None:
    problem = assert_problem(ask("GET", f"applications?{filters}"), 400)

    assert problem["errors"][0]["pointer"] == f"/{filters.split('=', maxsplit=1)[0]}"


def test_an_odd_cursor_is_a_problem(ask: Ask) -> None:
    [fault] = assert_problem(ask("GET", "applications?cursor=nonsense"), 400)["errors"]

    assert fault["pointer"] == "/cursor"


def test_a_page_is_as_long_as_asked_for(ask: Ask, agency: Agency) -> None:
    ApplicationFactory.create_batch(3, agency=agency)

    first = ask("GET", "applications?page_size=2").json()

    assert len(first["results"]) == 2
    assert len(ask("GET", first["next"].split("/api/v1/")[1]).json()["results"]) == 1
    assert_problem(ask("GET", "applications?page_size=201"), 400)


@pytest.mark.parametrize(
    ("filters", "said"),
    [("surprise=1", "received_from, received_to"), ("stage=zzz", "to_assess, to_decide"), ("page=2", "page_size")],
)
def test_what_is_not_expected_is_answered_with_what_is(ask: Ask, filters: str, said: str) -> None:
    [fault] = assert_problem(ask("GET", f"applications?{filters}"), 400)["errors"]

    assert said in fault["detail"]


def test_a_misspelt_fact_is_answered_with_the_nearest(ask: Ask) -> None:
    [fault] = assert_problem(ask("POST", "predictions", {"facts": {"amt_credits": 1}}), 400)["errors"]

    assert fault["pointer"] == "/facts/amt_credits"
    assert "amt_credit" in fault["detail"].split(" : ")[-1]


def test_the_schema_too_tells_its_problems_in_json() -> None:
    assert_problem(Browser().get("/api/v1/schema"), 401)


def test_an_application_is_told_without_what_the_law_bars(ask: Ask, agency: Agency) -> None:
    application = ApplicationFactory.create(agency=agency)

    told = ask("GET", f"applications/{application.pk}").json()

    assert told["facts"]["amt_credit"] == application.amt_credit
    assert {"code_gender", "name_family_status", "target"}.isdisjoint(told["facts"])


@pytest.mark.parametrize("rest", ["", "/assessment", "/explanation"])
def test_a_foreign_application_looks_like_an_unknown_one(ask: Ask, rest: str) -> None:
    foreign = ApplicationFactory.create(agency=AgencyFactory.create())

    of_foreign = assert_problem(ask("GET", f"applications/{foreign.pk}{rest}"), 404)
    of_unknown = assert_problem(ask("GET", f"applications/999999999{rest}"), 404)

    assert of_foreign["detail"].replace(str(foreign.pk), "N") == of_unknown["detail"].replace("999999999", "N")


def test_a_list_takes_as_many_queries_whatever_its_length(
    ask: Ask, agency: Agency, django_assert_max_num_queries: Any
) -> None:
    ApplicationFactory.create_batch(30, agency=agency)

    with django_assert_max_num_queries(4):
        ask("GET", "applications")


def test_an_assessment_is_asked_for_and_found_at_its_address(
    ask: Ask, agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    application = assessed(agency=agency)

    asked = ask("POST", f"applications/{application.pk}/assessments")

    assert asked.status_code == 202
    assert asked.json()["state"] == "queued"
    assert asked.headers["Location"] == f"/api/v1/applications/{application.pk}/assessment"
    told = ask("GET", f"applications/{application.pk}/assessment").json()
    assert told["assessment"]["probability"] == Assessment.objects.get().probability
    assert told["assessment"]["policy"]["accept_below"] == policy.accept_below


def test_asking_for_an_assessment_reads_the_application_once(
    ask: Ask, agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    application = assessed(agency=agency)
    ask("GET", f"applications/{application.pk}")  # the first use of a key is written down

    with CaptureQueriesContext(connection) as queries:
        ask("POST", f"applications/{application.pk}/assessments")

    asked = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == 3  # the key, the application, its request
    assert not any("amt_credit" in sql for sql in asked)


def test_an_explanation_adds_up_to_the_probability(
    ask: Ask, agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    application = assessed(agency=agency)

    told = ask("GET", f"applications/{application.pk}/explanation?most=3").json()

    assert len(told["factors"]) == 3
    log_odds = told["base"] + sum(factor["contribution"] for factor in told["factors"]) + told["rest"]
    assert 1 / (1 + exp(-log_odds)) == pytest.approx(told["probability"], abs=1e-6)


def test_an_explanation_is_told_without_the_facts_being_read(
    ask: Ask, agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    application = assessed(agency=agency)
    ask("GET", f"applications/{application.pk}")  # the first use of a key is written down

    with CaptureQueriesContext(connection) as queries:
        ask("GET", f"applications/{application.pk}/explanation")

    assert len(queries) == 2  # the key and the assessment
    assert not any("amt_credit" in query["sql"] for query in queries)


def test_without_an_assessment_there_is_nothing_to_explain(ask: Ask, agency: Agency) -> None:
    application = ApplicationFactory.create(agency=agency)

    assert_problem(ask("GET", f"applications/{application.pk}/explanation"), 409)


@pytest.mark.parametrize("most", ["0", "1001", "many", "-1"])
def test_an_odd_number_of_factors_is_named(ask: Ask, agency: Agency, most: str) -> None:
    application = ApplicationFactory.create(agency=agency)

    assert_problem(ask("GET", f"applications/{application.pk}/explanation?most={most}"), 400)


def test_the_model_and_the_policy_in_force_are_told(ask: Ask, champion: ModelVersion, policy: Policy) -> None:
    assert ask("GET", "model").json()["number"] == champion.number
    assert ask("GET", "policy").json()["version"] == policy.version


@pytest.mark.parametrize("address", ["model", "policy", "model/importance"])
def test_before_anything_is_in_force_the_api_says_so(ask: Ask, address: str) -> None:
    assert_problem(ask("GET", address), 503)


def test_the_importance_of_all_features_together_is_one(ask: Ask, champion: ModelVersion) -> None:
    features = ask("GET", "model/importance").json()["features"]

    assert sum(feature["share"] for feature in features) == pytest.approx(1)
    assert [feature["rank"] for feature in features] == list(range(1, len(features) + 1))


def test_the_dictionary_is_searched_and_read(ask: Ask) -> None:
    found = ask("GET", "features?text=revenu&table=application").json()

    key = found["results"][0]["key"]
    assert found["count"] >= len(found["results"]) > 0
    assert ask("GET", f"features/{key}").json() == found["results"][0]
    assert_problem(ask("GET", "features/nonsense"), 404)


def test_the_dictionary_is_read_by_cursor_forth_and_back(ask: Ask) -> None:
    whole = [each["key"] for each in ask("GET", "features?text=revenu&page_size=200").json()["results"]]
    first = page = ask("GET", "features?text=revenu&page_size=7").json()
    keys = [each["key"] for each in page["results"]]
    while page["next"]:
        page = ask("GET", page["next"].partition("/api/v1/")[2]).json()
        keys += [each["key"] for each in page["results"]]

    assert keys == whole
    assert len(keys) == page["count"] > 7
    second = ask("GET", first["next"].partition("/api/v1/")[2]).json()
    assert ask("GET", second["previous"].partition("/api/v1/")[2]).json() == first


@pytest.mark.parametrize("address", ["applications", "features"])
@pytest.mark.parametrize("cursor", ["nonsense", "é", "%00", "a"])
def test_what_is_no_cursor_is_told(ask: Ask, address: str, cursor: str) -> None:
    problem = assert_problem(ask("GET", f"{address}?cursor={cursor}"), 400)

    assert problem["errors"][0]["pointer"] == "/cursor"


def test_the_docs_page_asks_nothing_of_other_sites(advisor: User) -> None:
    response = browser_of(advisor).get("/api/v1/docs")

    assert response.status_code == 200
    assert "https://" not in response.content.decode().replace("https://www.w3.org", "")
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_an_unknown_address_under_the_api_is_a_problem_too(ask: Ask) -> None:
    assert_problem(ask("GET", "nonsense"), 404)
