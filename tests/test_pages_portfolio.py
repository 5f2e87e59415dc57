from __future__ import annotations

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from applications.models import Agency, Application, Policy, Role, User
from applications.services.tallies import count_everything
from modelling.models import ModelVersion
from tests.factories import AgencyFactory, ApplicationFactory, UserFactory
from tests.pages import advice_on, assessed, browser_of, text_of

pytestmark = pytest.mark.django_db

PAGE, FIGURE = "/portfolio/", "/portfolio/histogram.json"


@pytest.fixture
def application(agency: Agency, champion: ModelVersion, policy: Policy) -> Application:
    """Assess one application of the agency, and one of another; count the portfolio."""
    found = assessed(agency=agency)
    assessed(agency=AgencyFactory.create())
    count_everything()
    return found


@pytest.mark.parametrize("address", [PAGE, FIGURE])
def test_every_role_reads_the_portfolio_and_nobody_else(
    anyone: User, client: Browser, application: Application, address: str
) -> None:
    assert browser_of(anyone).get(address).status_code == 200
    assert client.get(address).headers["Location"].startswith("/login?next=")
    assert browser_of(anyone).post(address).status_code == 405


def test_an_advisor_sees_his_agency_and_cannot_choose_another(browser: Browser, application: Application) -> None:
    other = Agency.objects.exclude(pk=application.agency_id).get()

    for query in ("", f"?agency={other.pk}"):
        response = browser.get(f"{PAGE}{query}")
        assert response.context["portfolio"].applications == 1
        assert "agency" not in response.context["form"].fields
        assert other.name not in text_of(response)
        assert browser.get(f"{FIGURE}{query}").json()["n"] == 1


def test_who_sees_all_agencies_compares_and_chooses(application: Application) -> None:
    browser = browser_of(UserFactory.create(role=Role.MANAGER, agency=None))

    response = browser.get(PAGE)

    assert response.context["portfolio"].applications == 2
    assert all(agency.name in text_of(response) for agency in Agency.objects.all())
    assert f'href="?agency={application.agency_id}"' in response.content.decode()
    assert browser.get(f"{PAGE}?agency={application.agency_id}").context["portfolio"].applications == 1


def test_the_advice_filters_what_is_drawn(browser: Browser, application: Application) -> None:
    advice = advice_on(application).recommendation
    others = {"accept", "refer", "refuse"} - {advice}

    assert browser.get(f"{FIGURE}?advice={advice}").json()["n"] == 1
    assert all(browser.get(f"{FIGURE}?advice={other}").json()["n"] == 0 for other in others)
    assert "Aucune demande évaluée ici" in text_of(browser.get(f"{PAGE}?advice={others.pop()}"))


def test_the_place_of_an_application_is_marked_and_said(browser: Browser, application: Application) -> None:
    response = browser.get(f"{PAGE}?application={application.pk}")

    assert "est plus risquée qu'environ" in text_of(response)
    assert f'href="/applications/{application.pk}"' in response.content.decode()
    mark = browser.get(f"{FIGURE}?application={application.pk}").json()["marks"][-1]
    assert (mark["kind"], mark["probability"]) == ("client", advice_on(application).probability)


@pytest.mark.parametrize("address", [PAGE, FIGURE])
def test_an_application_of_another_agency_does_not_exist(
    browser: Browser, application: Application, address: str
) -> None:
    other = Application.objects.exclude(agency=application.agency).get()

    assert browser.get(f"{address}?application={other.pk}").status_code == 404
    assert browser.get(f"{address}?application=999999999").status_code == 404


def test_an_application_without_assessment_has_no_place(browser: Browser, application: Application) -> None:
    waiting = ApplicationFactory.create(agency=application.agency)

    text = text_of(browser.get(f"{PAGE}?application={waiting.pk}"))

    assert "n'a pas encore d'évaluation" in text
    assert [mark["kind"] for mark in browser.get(f"{FIGURE}?application={waiting.pk}").json()["marks"]] == [
        "accept",
        "refuse",
    ]


@pytest.mark.parametrize(
    "query", ["?advice=maybe", "?application=abc", "?application=-1", f"?application={'9' * 30}", "?application=%00"]
)
def test_nonsense_in_a_filter_is_told_and_left_open(browser: Browser, application: Application, query: str) -> None:
    response = browser.get(f"{PAGE}{query}")

    assert response.status_code == 200
    assert response.context["form"].errors
    assert "errorlist" in response.content.decode()
    assert response.context["portfolio"].applications == 1
    assert browser.get(f"{FIGURE}{query}").json()["n"] == 1


@pytest.mark.parametrize("number", ["nowhere", "99999", "%00"])
def test_an_agency_that_does_not_exist_is_told(application: Application, number: str) -> None:
    response = browser_of(UserFactory.create(role=Role.ANALYST, agency=None)).get(f"{PAGE}?agency={number}")

    assert response.context["form"].errors
    assert response.context["portfolio"].applications == 2


def test_before_the_first_count_the_page_says_so(browser: Browser) -> None:
    assert "en cours de comptage" in text_of(browser.get(PAGE))
    assert browser.get(FIGURE).status_code == 404


def test_without_a_policy_there_are_no_thresholds(browser: Browser, application: Application) -> None:
    Policy.objects.update(is_active=False)

    assert browser.get(FIGURE).json()["marks"] == []
    assert browser.get(PAGE).status_code == 200


def test_the_portfolio_takes_the_same_queries_at_any_size(
    browser: Browser, application: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(PAGE)
    # session, person; the application and its assessment; agencies, count, policy; the header's agency
    with django_assert_num_queries(6):
        browser.get(PAGE)
    with django_assert_num_queries(8):
        browser.get(f"{PAGE}?application={application.pk}")
    for _ in range(3):
        assessed(agency=application.agency)
    count_everything()
    with django_assert_num_queries(6):
        browser.get(PAGE)
