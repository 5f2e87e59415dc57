from __future__ import annotations

import pytest
from django.test import Client as Browser

from applications.models import Agency, Application, Decision, Outcome, Policy, Role, Stage
from applications.services.assessment import answer_requests, request_assessments
from modelling.models import ModelVersion
from tests.factories import UserFactory
from tests.pages import assessed, browser_of, text_of

pytestmark = pytest.mark.django_db

SAFE = {"ext_source_2": 0.95, "ext_source_3": 0.95}
RISKY = {"ext_source_2": 0.01, "ext_source_3": 0.01}


@pytest.fixture
def application(agency: Agency, champion: ModelVersion, policy: Policy) -> Application:
    return assessed(agency=agency)


def said(application: Application, **changed: object) -> dict[str, object]:
    return {"assessment": application.current_assessment_id, "outcome": "accept", "reason": "Stable income"} | changed


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_decision_is_recorded_and_told(browser: Browser, application: Application, outcome: Outcome) -> None:
    response = browser.post(f"/applications/{application.pk}/decision", said(application, outcome=outcome), follow=True)

    assert response.redirect_chain == [(f"/applications/{application.pk}", 302)]
    assert Decision.objects.get().outcome == outcome
    assert "Votre décision est enregistrée" in text_of(response)
    assert "Stable income" in text_of(response)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": ""}, "Dites pourquoi"),
        ({"reason": "   "}, "Dites pourquoi"),
        ({"outcome": ""}, "Choisissez"),
        ({"outcome": "maybe"}, "maybe"),
        ({"assessment": "0"}, "évaluation"),
        ({"reason": "x" * 2001}, "2000"),
    ],
)
def test_a_bad_form_says_what_is_missing_and_records_nothing(
    browser: Browser, application: Application, changed: dict[str, object], sentence: str
) -> None:
    response = browser.post(f"/applications/{application.pk}/decision", said(application, **changed))

    assert response.status_code == 400
    assert sentence in text_of(response).replace(" 000", "000")
    assert not Decision.objects.exists()


def test_a_decision_on_an_assessment_replaced_meanwhile_is_not_recorded(
    browser: Browser, application: Application
) -> None:
    read = said(application)
    Application.objects.filter(pk=application.pk).update(version=2)
    request_assessments([application.pk])
    answer_requests([application.pk])

    response = browser.post(f"/applications/{application.pk}/decision", read)

    assert response.status_code == 400
    assert "Le dossier a changé" in text_of(response)
    assert not Decision.objects.exists()


def test_an_assessment_of_another_application_is_not_accepted(
    browser: Browser, application: Application, agency: Agency
) -> None:
    other = assessed(agency=agency)

    browser.post(f"/applications/{application.pk}/decision", said(other))

    assert not Decision.objects.exists()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.ADMIN])
def test_who_may_not_decide_is_told_that_there_is_no_such_page(role: Role, application: Application) -> None:
    browser = browser_of(UserFactory.create(role=role, agency=None))

    assert "Enregistrer la décision" not in text_of(browser.get(f"/applications/{application.pk}"))
    assert browser.post(f"/applications/{application.pk}/decision", said(application)).status_code == 404
    assert not Decision.objects.exists()


@pytest.mark.usefixtures("champion", "policy")
@pytest.mark.parametrize(
    ("facts", "outcome", "words"),
    [
        (RISKY, Outcome.ACCEPT, "Accord malgré avis défavorable"),
        (SAFE, Outcome.REFUSE, "Refus malgré avis favorable"),
        (SAFE, Outcome.ACCEPT, "Prêt accordé"),
    ],
)
def test_the_history_names_a_decision_by_what_it_does(
    browser: Browser, agency: Agency, facts: dict[str, float], outcome: Outcome, words: str
) -> None:
    application = assessed(agency=agency, **facts)

    response = browser.post(f"/applications/{application.pk}/decision", said(application, outcome=outcome), follow=True)

    assert words in text_of(response)


def test_after_a_decision_the_page_leads_to_the_next_one(
    browser: Browser, application: Application, agency: Agency
) -> None:
    other = assessed(agency=agency)

    response = browser.post(f"/applications/{application.pk}/decision", said(application), follow=True)

    assert response.context["next_number"] == other.pk
    assert "Décider la suivante" in text_of(response)


def test_a_decision_is_never_taken_by_get(browser: Browser, application: Application) -> None:
    assert browser.get(f"/applications/{application.pk}/decision").status_code == 405
    assert Application.objects.get().stage == Stage.TO_DECIDE
