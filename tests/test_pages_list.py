from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from applications.models import Agency, Application, AssessmentRequest, Failure, Policy, RequestState, Role, Stage
from applications.selectors import listing
from applications.services.assessment import request_assessments
from modelling.models import ModelVersion
from tests.factories import AgencyFactory, ApplicationFactory, ClientFactory, UserFactory
from tests.pages import advice_on, assessed, browser_of, text_of

pytestmark = pytest.mark.django_db


def numbered(number: int, agency: Agency, **facts: object) -> Application:
    return ApplicationFactory.create(client=ClientFactory.create(id=number), agency=agency, **facts)


def numbers_in(browser: Browser, query: str = "") -> list[int]:
    response = browser.get(f"/applications/{query}")
    assert response.status_code == 200
    return [row.application.pk for row in response.context["page"].rows]


def test_an_advisor_sees_the_applications_of_his_agency_alone(browser: Browser, agency: Agency) -> None:
    own = ApplicationFactory.create(agency=agency)
    ApplicationFactory.create(agency=AgencyFactory.create())

    assert numbers_in(browser) == [own.pk]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.AUDITOR, Role.ADMIN])
def test_who_sees_all_agencies_may_choose_one(role: Role, agency: Agency) -> None:
    browser = browser_of(UserFactory.create(role=role, agency=None))
    own = ApplicationFactory.create(agency=agency)
    other = ApplicationFactory.create(agency=AgencyFactory.create())

    assert set(numbers_in(browser)) == {own.pk, other.pk}
    assert numbers_in(browser, f"?agency={agency.pk}") == [own.pk]


def test_an_advisor_cannot_look_into_another_agency_by_its_filter(browser: Browser, agency: Agency) -> None:
    own = ApplicationFactory.create(agency=agency)

    assert numbers_in(browser, f"?agency={AgencyFactory.create().pk}") == [own.pk]


def test_a_number_finds_those_that_begin_with_it(browser: Browser, agency: Agency) -> None:
    for number in (1000, 10_002, 100_021, 100_031, 200_021):
        numbered(number, agency)

    assert set(numbers_in(browser, "?number=10002")) == {10_002, 100_021}
    assert set(numbers_in(browser, "?number=100 021")) == {100_021}
    assert numbers_in(browser, "?number=7") == []


@pytest.mark.parametrize("stage", list(Stage))
def test_the_list_is_filtered_by_state(browser: Browser, agency: Agency, stage: Stage) -> None:
    found = {each: ApplicationFactory.create(agency=agency, stage=each).pk for each in Stage}

    assert numbers_in(browser, f"?stage={stage}") == [found[stage]]


def test_the_list_is_filtered_by_the_period_of_receipt(browser: Browser, agency: Agency) -> None:
    today = timezone.localdate()
    new = ApplicationFactory.create(agency=agency, received_on=today)
    week = ApplicationFactory.create(agency=agency, received_on=today - timedelta(days=6))
    ApplicationFactory.create(agency=agency, received_on=today - timedelta(days=7))

    assert numbers_in(browser, "?days=1") == [new.pk]
    assert numbers_in(browser, "?days=7") == [new.pk, week.pk]


def test_the_list_is_filtered_by_amount_as_people_write_it(browser: Browser, agency: Agency) -> None:
    small, middle, large = (
        ApplicationFactory.create(agency=agency, amt_credit=amount).pk for amount in (9_999.0, 12_000.5, 30_000.0)
    )

    assert set(numbers_in(browser, "?amount_from=12 000,5 €")) == {middle, large}
    assert set(numbers_in(browser, "?amount_from=9999&amount_to=12000.50")) == {small, middle}
    assert set(numbers_in(browser, "?amount_to=0")) == set()


def test_the_list_is_filtered_by_the_advice_and_sorted_by_probability(
    browser: Browser, agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    safe = assessed(agency=agency, ext_source_2=0.95, ext_source_3=0.95)
    risky = assessed(agency=agency, ext_source_2=0.01, ext_source_3=0.01)
    ApplicationFactory.create(agency=agency)
    advice = advice_on(risky).recommendation

    assert numbers_in(browser, "?order=riskiest") == [risky.pk, safe.pk]
    assert numbers_in(browser, "?order=safest") == [safe.pk, risky.pk]
    assert advice != advice_on(safe).recommendation
    assert numbers_in(browser, f"?advice={advice}") == [risky.pk]


def test_the_list_is_sorted_by_amount_and_by_receipt(browser: Browser, agency: Agency) -> None:
    today = timezone.localdate()
    small = ApplicationFactory.create(agency=agency, amt_credit=1.0, received_on=today)
    large = ApplicationFactory.create(agency=agency, amt_credit=9.0, received_on=today - timedelta(days=1))

    assert numbers_in(browser, "?order=largest") == [large.pk, small.pk]
    assert numbers_in(browser, "?order=smallest") == [small.pk, large.pk]
    assert numbers_in(browser, "?order=newest") == [small.pk, large.pk]
    assert numbers_in(browser, "?order=oldest") == [large.pk, small.pk]


@pytest.mark.parametrize(
    "query",
    [
        "?number=abc",
        "?number=1;DROP TABLE",
        f"?number={'9' * 30}",
        "?stage=nowhere",
        "?advice=maybe",
        "?days=ages",
        "?amount_from=a lot",
        "?amount_to=-5",
        "?amount_to=nan",
        "?order=upwards",
        "?page=-3",
        "?page=zzz",
        "?page=99999",
        "?page=٣",
        "?number=٣٤",
    ],
)
def test_nonsense_in_a_filter_is_told_and_never_fails(browser: Browser, agency: Agency, query: str) -> None:
    application = ApplicationFactory.create(agency=agency)

    response = browser.get(f"/applications/{query}")

    assert response.status_code == 200
    assert [row.application.pk for row in response.context["page"].rows] == [application.pk]
    assert response.context["form"].errors or "page" in query


def test_a_nonsense_number_is_answered_by_a_sentence(browser: Browser) -> None:
    assert "Un numéro de demande ne contient que des chiffres" in text_of(browser.get("/applications/?number=abc"))


def test_the_list_comes_in_pages(browser: Browser, agency: Agency) -> None:
    numbers = [ApplicationFactory.create(agency=agency).pk for _ in range(listing.PAGE_SIZE + 2)]

    assert numbers_in(browser) == numbers[: listing.PAGE_SIZE]
    assert numbers_in(browser, "?page=2") == numbers[listing.PAGE_SIZE :]
    assert "26 à 27 sur 27" in text_of(browser.get("/applications/?page=2"))


def test_a_count_stops_at_its_cap(browser: Browser, agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 3)
    for _ in range(5):
        ApplicationFactory.create(agency=agency)

    assert "sur plus de 3" in text_of(browser.get("/applications/"))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RequestState.QUEUED, "attente"),
        (RequestState.RUNNING, "en cours"),
        (RequestState.FAILED, "échouée"),
        (RequestState.CANCELLED, "annulée"),
    ],
)
def test_a_row_says_how_its_assessment_stands(
    browser: Browser, agency: Agency, state: RequestState, words: str
) -> None:
    application = ApplicationFactory.create(agency=agency)
    request_assessments([application.pk])
    AssessmentRequest.objects.update(state=state, failure=Failure.FACTS if state == RequestState.FAILED else "")

    response = browser.get("/applications/")

    assert response.context["page"].rows[0].state == state
    row = text_of(response).split("Reçue")[-1]
    assert words in row


def test_an_assessment_of_older_facts_is_called_so(
    browser: Browser, agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    application = assessed(agency=agency)
    Application.objects.filter(pk=application.pk).update(version=2)

    assert browser.get("/applications/").context["page"].rows[0].state == "stale"


def test_a_list_of_one_and_of_many_take_the_same_queries(
    browser: Browser,
    agency: Agency,
    champion: ModelVersion,
    policy: Policy,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assessed(agency=agency)
    browser.get("/applications/")
    # session, person, agency; count and page; three counts of the desk; preferences, views kept
    with django_assert_num_queries(10):
        browser.get("/applications/")
    for _ in range(12):
        assessed(agency=agency)
    request_assessments([ApplicationFactory.create(agency=agency).pk])

    with django_assert_num_queries(10):
        browser.get("/applications/")


def test_an_empty_list_says_what_to_do(browser: Browser) -> None:
    assert "Aucune demande pour l'instant" in text_of(browser.get("/applications/"))
    assert "Effacer les filtres" in text_of(browser.get("/applications/?number=77777"))
