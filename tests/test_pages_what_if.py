from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.test import Client as Browser

from applications.fact_forms import editable_facts
from applications.models import (
    Agency,
    Application,
    Assessment,
    AuditEvent,
    Kind,
    Policy,
    Role,
    User,
    WhatIfNote,
)
from modelling.bundle import Bundle
from modelling.models import ModelVersion
from tests.factories import ApplicationFactory, UserFactory
from tests.pages import advice_on, assessed, browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(agency: Agency, champion: ModelVersion, policy: Policy) -> Application:
    return assessed(agency=agency)


def address(application: Application) -> str:
    return f"/applications/{application.pk}/what-if"


def filled(browser: Browser, application: Application, **changes: object) -> dict[str, Any]:
    """Return the form as the page gives it, with some values changed."""
    form = browser.get(address(application)).context["form"]
    values = {f"fact-{name}": "" if form.initial.get(name) is None else form.initial[name] for name in form.fields}
    return values | {f"fact-{name}": value for name, value in changes.items()}


def test_another_value_gives_another_probability_beside_the_one_that_counts(
    browser: Browser, application: Application
) -> None:
    response = browser.post(address(application), filled(browser, application, ext_source_3="0.9"))

    tried = response.context["tried"].assessment
    assert response.status_code == 200
    assert tried.probability != advice_on(application).probability
    assert response.context["changes"] == {"ext_source_3": 0.9}


def test_an_untouched_form_changes_nothing(browser: Browser, application: Application) -> None:
    response = browser.post(address(application), filled(browser, application))

    assert response.context["changes"] == {}
    assert response.context["tried"].assessment.probability == advice_on(application).probability


def test_a_whole_amount_is_shown_without_decimals(
    browser: Browser, agency: Agency, policy: Policy, champion: ModelVersion
) -> None:
    form = browser.get(address(assessed(agency=agency, amt_credit=450_000.0))).context["form"]

    assert 'value="450000"' in str(form["amt_credit"])


def test_each_number_tells_its_range_before_one_errs(browser: Browser, application: Application) -> None:
    page = text_of(browser.get(address(application)))

    assert "de 0 à 10 000 000" in page


def test_when_the_application_was_made_cannot_be_tried() -> None:
    bundle = SimpleNamespace(features=("weekday_appr_process_start", "hour_appr_process_start", "amt_credit"))

    assert editable_facts(cast("Bundle", bundle)) == ("amt_credit",)


def test_trying_out_stores_nothing(browser: Browser, application: Application) -> None:
    events = AuditEvent.objects.count()

    browser.post(address(application), filled(browser, application, amt_credit="1000"))

    assert Assessment.objects.count() == 1
    assert AuditEvent.objects.count() == events
    application.refresh_from_db()
    assert (application.version, application.amt_credit) == (1, 406_597.5)


def test_a_trial_is_kept_as_a_note_with_its_audit_event(
    browser: Browser, application: Application, advisor: User
) -> None:
    values = filled(browser, application, amt_credit="1000") | {"keep": "1", "text": "moins cher"}

    response = browser.post(address(application), values, follow=True)

    note = WhatIfNote.objects.get()
    assert (note.author, note.changes, note.text) == (advisor, {"amt_credit": 1000.0}, "moins cher")
    assert AuditEvent.objects.filter(kind=Kind.WHAT_IF_KEPT, actor=advisor).exists()
    assert "moins cher" in text_of(response)


def test_who_may_not_decide_may_try_and_not_keep(application: Application) -> None:
    browser = browser_of(UserFactory.create(role=Role.ANALYST))
    values = filled(browser, application, amt_credit="1000")

    assert browser.post(address(application), values).status_code == 200
    assert browser.post(address(application), values | {"keep": "1"}).status_code == 404
    assert not WhatIfNote.objects.exists()


@pytest.mark.parametrize("name", ["code_gender", "name_family_status", "days_birth", "region_rating_client"])
def test_what_the_law_keeps_from_the_model_cannot_be_tried(
    browser: Browser, application: Application, name: str
) -> None:
    response = browser.post(address(application), filled(browser, application, **{name: "1"}))

    assert name not in response.context["form"].fields
    assert response.context["changes"] == {}


def test_years_are_asked_for_and_never_negative_days(browser: Browser, application: Application) -> None:
    form = browser.get(address(application)).context["form"]

    assert form.initial["days_employed"] == pytest.approx(637 / 365.25, abs=0.01)
    changes = browser.post(address(application), filled(browser, application, days_employed="10")).context["changes"]
    assert changes == {"days_employed": -3652}


@pytest.mark.parametrize(
    ("name", "value"), [("amt_credit", "much"), ("amt_credit", "-5"), ("amt_credit", "1e99"), ("days_employed", "900")]
)
def test_a_value_out_of_range_is_answered_by_a_sentence(
    browser: Browser, application: Application, name: str, value: str
) -> None:
    response = browser.post(address(application), filled(browser, application, **{name: value}))

    assert response.status_code == 400
    assert "rien n'a été calculé" in text_of(response)


def test_only_the_result_is_sent_to_a_page_that_asks_for_it(browser: Browser, application: Application) -> None:
    values = filled(browser, application, amt_credit="1000")

    response = browser.post(address(application), values, headers={"HX-Request": "true"})

    assert "<html" not in response.content.decode()
    assert 'id="trial"' in response.content.decode()


def test_a_foreign_application_cannot_be_tried(browser: Browser, champion: ModelVersion, policy: Policy) -> None:
    foreign = assessed()

    assert browser.get(address(foreign)).status_code == 404
    assert browser.post(address(foreign)).status_code == 404


def test_without_an_assessment_the_page_says_so(browser: Browser, agency: Agency) -> None:
    application = ApplicationFactory.create(agency=agency)

    response = browser.get(address(application), follow=True)

    assert "pas encore d'évaluation" in text_of(response)


def test_bounds_are_told_when_the_advice_is_not_to_grant(
    browser: Browser, application: Application, policy: Policy
) -> None:
    page = browser.get(address(application))

    advised = advice_on(application).recommendation == "accept"
    assert (page.context["limits"] is None) == advised


def test_a_trial_takes_as_many_queries_whatever_the_history(
    browser: Browser, application: Application, django_assert_max_num_queries: Any
) -> None:
    values = filled(browser, application, amt_credit="1000")

    with django_assert_max_num_queries(22) as asked:
        browser.post(address(application), values)

    assert not [query["sql"] for query in asked.captured_queries if '"report"' in query["sql"]]  # long, and not read
