from __future__ import annotations

import pytest
from django.test import Client as Browser

from applications.models import (
    Agency,
    Application,
    AssessmentRequest,
    Failure,
    Policy,
    RequestState,
    Role,
)
from applications.services.assessment import request_assessments
from modelling.models import ModelVersion
from tests.factories import (
    ApplicationFactory,
    UserFactory,
)
from tests.pages import assessed, browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(agency: Agency, champion: ModelVersion, policy: Policy) -> Application:
    return assessed(agency=agency)


def address(application: Application, rest: str = "") -> str:
    return f"/applications/{application.pk}{rest}"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RequestState.QUEUED, "En attente d'évaluation"),
        (RequestState.RUNNING, "Évaluation en cours"),
        (RequestState.FAILED, "L'évaluation a échoué. Le dossier contient des valeurs"),
        (RequestState.CANCELLED, "Un administrateur a annulé cette évaluation"),
    ],
)
def test_the_page_says_how_the_assessment_stands(
    browser: Browser, agency: Agency, state: RequestState, words: str
) -> None:
    application = waiting(agency, state)

    response = browser.get(address(application))

    assert response.status_code == 200
    assert words in text_of(response)


def test_a_waiting_page_asks_again_and_learns_only_what_is_new(browser: Browser, agency: Agency) -> None:
    application = waiting(agency, RequestState.QUEUED)
    page = browser.get(address(application)).content.decode()

    assert f'hx-get="{address(application, "/state?seen=queued")}"' in page
    assert browser.get(address(application, "/state?seen=queued")).status_code == 204
    AssessmentRequest.objects.update(state=RequestState.RUNNING)
    assert "seen=running" in browser.get(address(application, "/state?seen=queued")).content.decode()


def test_a_waiting_page_reloads_when_the_assessment_is_there(browser: Browser, application: Application) -> None:
    response = browser.get(address(application, "/state?seen=running"))

    assert response.headers["HX-Refresh"] == "true"


def test_a_failed_assessment_can_be_asked_for_again(browser: Browser, agency: Agency) -> None:
    application = waiting(agency, RequestState.FAILED)

    response = browser.post(address(application, "/assessment"))

    assert (response.status_code, response.headers["Location"]) == (302, address(application))
    assert AssessmentRequest.objects.get().state == RequestState.QUEUED


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_who_only_reads_cannot_ask_for_an_assessment(role: Role, agency: Agency) -> None:
    browser = browser_of(UserFactory.create(role=role, agency=None))
    application = ApplicationFactory.create(agency=agency)

    assert browser.post(address(application, "/assessment")).status_code == 404
    assert not AssessmentRequest.objects.exists()
    assert "Évaluer maintenant" not in text_of(browser.get(address(application)))


def test_a_changed_file_says_that_its_assessment_is_older(browser: Browser, application: Application) -> None:
    Application.objects.filter(pk=application.pk).update(version=2)

    page = text_of(browser.get(address(application)))

    assert "Le dossier a changé depuis cette évaluation" in page
    assert "Enregistrer la décision" not in page


def waiting(agency: Agency, state: RequestState) -> Application:
    application = ApplicationFactory.create(agency=agency)
    request_assessments([application.pk])
    AssessmentRequest.objects.update(state=state, failure=Failure.FACTS if state == RequestState.FAILED else "")
    return application
