from __future__ import annotations

import pytest
from django.test import Client as Browser

from applications.models import Agency, Application, Preferences, Role, SavedFilter, Stage, User
from applications.services.preferences import MOST_SAVED_FILTERS
from tests.factories import AgencyFactory, ApplicationFactory, UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

LIST = "/applications/"


@pytest.fixture
def application(agency: Agency) -> Application:
    return ApplicationFactory.create(agency=agency, own_car_age=7)


def heads(browser: Browser) -> str:
    page = browser.get(LIST).content.decode()
    return page[page.index("<thead") : page.index("</thead>")]


def test_chosen_columns_are_shown_and_remembered_for_that_person_alone(
    browser: Browser, agency: Agency, application: Application
) -> None:
    answer = browser.post(LIST + "columns", {"columns": ["annuity", "income"], "back": f"{LIST}?stage=to_decide"})

    assert answer.headers["Location"] == f"{LIST}?stage=to_decide"
    assert "Mensualité" in heads(browser)
    assert "Avis du modèle" not in heads(browser)
    assert "24 700 €" in text_of(browser.get(LIST))
    assert "Avis du modèle" in heads(browser_of(UserFactory.create(agency=agency)))


def test_no_column_chosen_is_the_usual_ones(browser: Browser, application: Application) -> None:
    browser.post(LIST + "columns", {"columns": ["annuity"]})
    browser.post(LIST + "columns", {})

    assert "Avis du modèle" in heads(browser)


def test_an_advisor_is_not_offered_the_agency_he_sees_alone(browser: Browser, application: Application) -> None:
    answer = browser.post(LIST + "columns", {"columns": ["agency"]}, follow=True)

    assert "agency" in text_of(answer)
    assert not Preferences.objects.exists()
    assert "Agence" in heads(browser_of(UserFactory.create(role=Role.MANAGER)))


@pytest.mark.parametrize("back", ["https://example.com/", "//example.com", "/admin/", ""])
def test_one_is_led_back_to_the_list_and_nowhere_else(browser: Browser, back: str) -> None:
    assert browser.post(LIST + "columns", {"back": back}).headers["Location"] == LIST


def test_a_filter_is_kept_by_name_and_leads_to_what_it_filters(browser: Browser, agency: Agency) -> None:
    waiting = ApplicationFactory.create(agency=agency, stage=Stage.TO_DECIDE)
    ApplicationFactory.create(agency=agency, stage=Stage.REFUSED)
    query = "stage=to_decide&order=oldest&page=3&advice=nonsense"

    answer = browser.post(LIST + "views", {"name": "À décider", "query": query}, follow=True)

    assert [row.application.pk for row in answer.context["page"].rows] == [waiting.pk]
    assert answer.request["QUERY_STRING"] == "stage=to_decide&order=oldest"
    assert 'aria-current="page">À décider' in answer.content.decode()


def test_a_filter_of_the_same_name_takes_the_place_of_the_one_before(browser: Browser) -> None:
    for stage in ("to_decide", "refused"):
        browser.post(LIST + "views", {"name": "Ma vue", "query": f"stage={stage}"})

    assert [saved.query for saved in SavedFilter.objects.all()] == ["stage=refused"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_view_needs_a_name_of_up_to_forty_letters(browser: Browser, name: str) -> None:
    answer = browser.post(LIST + "views", {"name": name, "query": ""}, follow=True)

    assert "Nom de la vue" in text_of(answer)
    assert not SavedFilter.objects.exists()


def test_there_is_an_end_to_the_views_one_person_keeps(browser: Browser, advisor: User) -> None:
    for number in range(MOST_SAVED_FILTERS):
        SavedFilter.objects.create(person=advisor, name=f"vue {number}", query="")

    answer = browser.post(LIST + "views", {"name": "encore une", "query": ""}, follow=True)

    assert "20 vues" in text_of(answer)
    assert SavedFilter.objects.count() == MOST_SAVED_FILTERS


def test_a_view_is_deleted_by_whose_it_is_alone(browser: Browser, advisor: User) -> None:
    own = SavedFilter.objects.create(person=advisor, name="à moi", query="")
    foreign = SavedFilter.objects.create(person=UserFactory.create(), name="à lui", query="")

    assert browser.post(f"{LIST}views/{foreign.pk}/delete").status_code == 404
    assert browser.post(f"{LIST}views/{own.pk}/delete").status_code == 302
    assert [saved.pk for saved in SavedFilter.objects.all()] == [foreign.pk]


def test_the_name_of_a_view_is_escaped(browser: Browser) -> None:
    answer = browser.post(LIST + "views", {"name": "<script>alert(1)</script>", "query": ""}, follow=True)

    assert "<script>alert(1)" not in answer.content.decode()


def test_chosen_facts_are_shown_on_every_application(
    browser: Browser, agency: Agency, application: Application
) -> None:
    other = ApplicationFactory.create(agency=agency, own_car_age=3)

    answer = browser.post(f"/applications/{application.pk}/fields", {"names": ["own_car_age", "amt_credit"]})

    assert answer.headers["Location"] == f"/applications/{application.pk}"
    for each, age in ((application, "7 ans"), (other, "3 ans")):
        groups = browser.get(f"/applications/{each.pk}").context["fact_groups"]
        assert [fact.label for group in groups for fact in group] == ["Âge de la voiture", "Montant du crédit"]
        assert age in text_of(browser.get(f"/applications/{each.pk}"))


def test_the_usual_facts_come_back_by_one_button(browser: Browser, application: Application) -> None:
    browser.post(f"/applications/{application.pk}/fields", {"names": ["own_car_age"]})

    browser.post(f"/applications/{application.pk}/fields", {"names": ["own_car_age"], "usual": "1"})

    assert "202 500 €" in text_of(browser.get(f"/applications/{application.pk}"))


def test_the_choice_shows_what_is_chosen_and_no_barred_fact(browser: Browser, application: Application) -> None:
    page = browser.get(f"/applications/{application.pk}/fields").content.decode()

    assert 'value="amt_income_total" checked' in page
    assert 'value="own_car_age"' in page
    assert 'value="own_car_age" checked' not in page
    assert "code_gender" not in page


def test_a_barred_or_unknown_fact_cannot_be_chosen(browser: Browser, application: Application) -> None:
    answer = browser.post(f"/applications/{application.pk}/fields", {"names": ["code_gender"]})

    assert answer.status_code == 200
    assert "code_gender" in text_of(answer)
    assert not Preferences.objects.exists()


def test_the_choice_from_a_foreign_application_does_not_exist(browser: Browser) -> None:
    foreign = ApplicationFactory.create(agency=AgencyFactory.create())

    assert browser.get(f"/applications/{foreign.pk}/fields").status_code == 404


@pytest.mark.parametrize("path", ["columns", "views", "views/1/delete"])
def test_nobody_chooses_by_a_link(browser: Browser, path: str) -> None:
    assert browser.get(LIST + path).status_code == 405
    assert Browser().post(LIST + path).status_code == 302
