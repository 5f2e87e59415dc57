from __future__ import annotations

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from applications.models import Agency, Application, Policy
from applications.services.assessment import answer_requests
from applications.services.intake import change_facts
from modelling.models import ModelVersion
from tests.factories import AgencyFactory, UserFactory
from tests.pages import advice_on, assessed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(agency: Agency, champion: ModelVersion, policy: Policy) -> Application:
    return assessed(agency=agency, ext_source_2=0.9, ext_source_3=0.9)


def changed(application: Application, **facts: object) -> Application:
    for name, value in facts.items():
        setattr(application, name, value)
    change_facts(application, actor=UserFactory.create(), changed=facts.keys())
    answer_requests([application.pk])
    application.refresh_from_db()
    return application


def address(application: Application, query: str = "") -> str:
    return f"/applications/{application.pk}/changes{query}"


def test_the_last_two_assessments_are_compared(browser: Browser, application: Application) -> None:
    first = advice_on(application)
    second = advice_on(changed(application, ext_source_2=0.02, ext_source_3=0.03, code_gender="M"))

    response = browser.get(address(application))

    changes, page = response.context["changes"], text_of(response)
    assert changes.comparison.points == pytest.approx(second.probability - first.probability)
    assert changes.comparison.points > 0.01
    assert {change.after.name for change in changes.values} >= {"ext_source_2", "ext_source_3"}
    assert "Champs modifiés dans le dossier : Score externe 2, Score externe 3." in page
    assert "0,90" in page
    assert "0,02" in page
    assert "de risque en plus" in page


def test_what_moved_sums_to_the_difference_of_the_log_odds(browser: Browser, application: Application) -> None:
    changed(application, ext_source_2=0.02, amt_income_total=99_000.0)

    changes = browser.get(address(application)).context["changes"]

    moved = sum(change.moved for change in changes.values) + changes.elsewhere
    before, after = (each.explanation.reading.log_odds for each in (changes.before, changes.after))
    assert moved == pytest.approx(after - before, abs=1e-5)


def test_reasons_that_came_and_went_are_told_apart(browser: Browser, application: Application) -> None:
    changed(application, ext_source_2=0.02, ext_source_3=0.03)

    changes = browser.get(address(application)).context["changes"]

    before, after = (
        {each.name for each in (*side.explanation.reasons.raising, *side.explanation.reasons.lowering)}
        for side in (changes.before, changes.after)
    )
    assert {moved.factor.name for moved in changes.came} == after - before
    assert {moved.factor.name for moved in changes.went} == before - after


def test_any_two_may_be_compared_and_the_earlier_stands_first(browser: Browser, application: Application) -> None:
    numbers = [advice_on(application).pk]
    numbers += [advice_on(changed(application, ext_source_2=score)).pk for score in (0.5, 0.1)]

    changes = browser.get(address(application, f"?from={numbers[2]}&to={numbers[0]}")).context["changes"]

    assert changes.before.assessment.pk == numbers[0]
    assert changes.after.assessment.pk == numbers[2]


@pytest.mark.parametrize("query", ["?from=x&to=y", "?from=1&to=1", f"?from={'9' * 30}", "?to="])
def test_a_choice_that_makes_no_sense_is_the_last_two(browser: Browser, application: Application, query: str) -> None:
    first = advice_on(application).pk
    changed(application, ext_source_2=0.5)

    assert browser.get(address(application, query)).context["changes"].before.assessment.pk == first


def test_the_assessments_of_another_application_are_not_compared(
    browser: Browser, application: Application, agency: Agency
) -> None:
    other = advice_on(assessed(agency=agency))
    changed(application, ext_source_2=0.5)

    changes = browser.get(address(application, f"?from={other.pk}")).context["changes"]

    assert changes.before.assessment.application_id == application.pk


def test_one_assessment_alone_is_not_compared(browser: Browser, application: Application) -> None:
    assert "une évaluation" in text_of(browser.get(address(application)))


def test_a_foreign_application_has_no_changes_to_show(browser: Browser, champion: ModelVersion, policy: Policy) -> None:
    assert browser.get(address(assessed(agency=AgencyFactory.create()))).status_code == 404


def test_many_assessments_take_no_more_queries_than_two(
    browser: Browser, application: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    changed(application, ext_source_2=0.5)
    browser.get(address(application))
    # session, person, agency; the application and five relations; the list, the two, the facts changed
    with django_assert_num_queries(7):
        browser.get(address(application))
    for score in (0.4, 0.3, 0.2):
        changed(application, ext_source_2=score)

    with django_assert_num_queries(7):
        browser.get(address(application))
