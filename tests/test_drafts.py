from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from applications.models import Agency, Application, AssessmentRequest, AuditEvent, Client, Draft, Kind, Role, User
from applications.services.drafts import MOST_DRAFTS, begin_draft
from tests.factories import AgencyFactory, ApplicationFactory, UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

NEW = "/applications/new"
ANSWERS = {
    "name_contract_type": "Cash loans",
    "amt_credit": "12000",
    "amt_annuity": "310.5",
    "amt_income_total": "24000",
    "days_birth": "1990-03-14",
}


@pytest.fixture
def draft(advisor: User) -> Draft:
    return begin_draft(advisor)


def address(draft: Draft) -> str:
    return f"/applications/drafts/{draft.pk}"


def submitted(answers: dict[str, str]) -> dict[str, str]:
    return answers | {"submit": "1"}


def test_a_draft_is_begun_and_kept_as_it_was_typed(browser: Browser, advisor: User) -> None:
    response = browser.post(NEW, follow=True)
    draft = Draft.objects.get()
    assert response.redirect_chain[-1][0] == address(draft)

    browser.post(address(draft), {"amt_credit": "much", "amt_annuity": "310.5"})

    assert Draft.objects.get().answers == {"amt_credit": "much", "amt_annuity": "310.5"}
    page = browser.get(address(draft)).content.decode()
    assert 'value="much"' in page
    assert not Application.objects.exists()


def test_a_kept_draft_says_what_is_still_missing(browser: Browser, draft: Draft) -> None:
    response = browser.post(address(draft), {"amt_credit": "12000"}, headers={"HX-Request": "true"})

    text = text_of(response)
    assert "<html" not in response.content.decode()
    assert "Mensualité" in text
    assert "Montant du crédit" not in text


def test_a_submitted_draft_is_an_application_that_asks_for_its_assessment(
    browser: Browser, draft: Draft, advisor: User
) -> None:
    response = browser.post(address(draft), submitted(ANSWERS))

    application = Application.objects.get()
    today = timezone.localdate()
    assert response.headers["Location"] == f"/applications/{application.pk}"
    assert (application.pk, application.agency, application.received_on) == (draft.pk, advisor.agency, today)
    assert (application.amt_credit, application.amt_annuity) == (12_000, 310.5)
    assert application.days_birth == (date(1990, 3, 14) - today).days
    assert application.weekday_appr_process_start
    assert application.code_gender is None
    assert AssessmentRequest.objects.get().application == application
    assert AuditEvent.objects.get(kind=Kind.APPLICATION_CHANGED).actor == advisor
    assert not Draft.objects.exists()


def test_submitting_twice_makes_one_application(browser: Browser, draft: Draft) -> None:
    browser.post(address(draft), submitted(ANSWERS))

    again = browser.post(address(draft), submitted(ANSWERS))

    assert again.headers["Location"] == f"/applications/{draft.pk}"
    assert Application.objects.count() == 1


def test_an_earlier_client_keeps_the_history_and_brings_lasting_facts(browser: Browser, agency: Agency) -> None:
    earlier = ApplicationFactory.create(agency=agency, received_on=date(2026, 1, 10), days_birth=-10_000)

    browser.post(NEW, {"earlier": str(earlier.pk)})
    draft = Draft.objects.get()
    born = date(2026, 1, 10) - timedelta(days=10_000)
    assert draft.answers["days_birth"] == born.isoformat()
    assert draft.answers["ext_source_2"] == "0.26"
    assert {"amt_credit", "code_gender", "name_family_status", "target"}.isdisjoint(draft.answers)
    browser.post(address(draft), submitted(draft.answers | ANSWERS | {"days_birth": born.isoformat()}))

    application = Application.objects.get(pk=draft.pk)
    assert application.client == earlier.client
    assert application.name_housing_type == "House / apartment"
    assert Client.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amt_credit": ""}, "Ce champ est obligatoire"),
        ({"amt_credit": "much"}, "Saisissez un nombre"),
        ({"amt_credit": "0"}, "supérieur à zéro"),
        ({"amt_credit": "1e99"}, "inférieure ou égale"),
        ({"amt_annuity": "13000"}, "ne peut pas dépasser le montant"),
        ({"days_birth": "2020-01-01"}, "majeur"),
        ({"days_birth": "1800-01-01"}, "100 dernières années"),
        ({"days_birth": "soon"}, "Saisissez une date valide"),
        ({"days_employed": "1980-01-01"}, "avant la naissance"),
        ({"days_employed": "2999-01-01"}, "100 dernières années"),
        ({"ext_source_1": "1.5"}, "inférieure ou égale"),
        ({"name_contract_type": "<script>alert(1)</script>"}, "Sélectionnez un choix valide"),
        ({"cnt_children": "1.5"}, "nombre entier"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_submitted(
    browser: Browser, draft: Draft, wrong: dict[str, str], words: str
) -> None:
    response = browser.post(address(draft), submitted(ANSWERS | wrong))

    assert response.status_code == 400
    assert words in text_of(response)
    assert "<script>alert" not in response.content.decode()
    assert not Application.objects.exists()
    assert not Client.objects.exists()
    kept = {name: answer for name, answer in (ANSWERS | wrong).items() if answer}
    assert Draft.objects.get().answers == kept


def test_a_draft_is_deleted_by_its_author(browser: Browser, draft: Draft) -> None:
    browser.post(f"{address(draft)}/delete")

    assert not Draft.objects.exists()


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.MANAGER, Role.ADMIN])
def test_a_draft_exists_for_its_author_alone(draft: Draft, agency: Agency, role: Role) -> None:
    other = browser_of(UserFactory.create(role=role, agency=agency))

    assert other.get(address(draft)).status_code == 404
    assert other.post(address(draft), submitted(ANSWERS)).status_code == 404
    assert other.post(f"{address(draft)}/delete").status_code == 404
    assert "Vous n'avez aucun brouillon" in text_of(other.get(NEW))


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_who_may_not_ask_for_an_assessment_begins_nothing(role: Role) -> None:
    browser = browser_of(UserFactory.create(role=role))

    assert browser.get(NEW).status_code == 404
    assert browser.post(NEW).status_code == 404
    assert not Draft.objects.exists()


@pytest.mark.parametrize("earlier", ["999999", "foreign", "-1", "abc"])
def test_a_draft_of_an_unknown_or_foreign_client_is_not_begun(browser: Browser, earlier: str) -> None:
    number = str(ApplicationFactory.create().pk) if earlier == "foreign" else earlier

    assert browser.post(NEW, {"earlier": number}).status_code in {400, 404}
    assert not Draft.objects.exists()


def test_a_draft_of_a_client_one_may_not_see_any_more_is_gone(browser: Browser, advisor: User) -> None:
    earlier = ApplicationFactory.create(agency=advisor.agency)
    draft = begin_draft(advisor, earlier=earlier)
    Application.objects.update(agency=AgencyFactory.create())

    assert browser.get(address(draft)).status_code == 404
    assert browser.post(address(draft), submitted(ANSWERS)).status_code == 404
    assert Application.objects.count() == 1


def test_who_sees_all_agencies_chooses_one(agency: Agency) -> None:
    manager = UserFactory.create(role=Role.MANAGER, agency=None)
    draft = begin_draft(manager)
    browser = browser_of(manager)

    assert "L'agence" in text_of(browser.get(address(draft)))
    assert browser.post(address(draft), submitted(ANSWERS)).status_code == 400
    browser.post(address(draft), submitted(ANSWERS | {"agency": str(agency.pk)}))

    assert Application.objects.get().agency == agency


def test_an_advisor_cannot_choose_another_agency(browser: Browser, draft: Draft, advisor: User) -> None:
    foreign = AgencyFactory.create()

    browser.post(address(draft), submitted(ANSWERS | {"agency": str(foreign.pk)}))

    assert Application.objects.get().agency == advisor.agency


def test_drafts_do_not_pile_up_without_end(browser: Browser, advisor: User) -> None:
    for _ in range(MOST_DRAFTS):
        begin_draft(advisor)

    response = browser.post(NEW)

    assert response.status_code == 400
    assert "brouillons" in text_of(response)
    assert Draft.objects.count() == MOST_DRAFTS


def test_barred_facts_are_not_asked_for_nor_taken(browser: Browser, draft: Draft) -> None:
    page = browser.get(address(draft)).content.decode()
    assert "code_gender" not in page
    assert "social_circle" not in page

    browser.post(address(draft), submitted(ANSWERS | {"code_gender": "F", "target": "1"}))

    application = Application.objects.get()
    assert (application.code_gender, application.target) == (None, None)


def test_the_form_takes_as_many_queries_whoever_asks(
    browser: Browser, draft: Draft, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(7):
        browser.get(address(draft))


def test_the_list_of_drafts_takes_as_many_queries_however_many(
    browser: Browser, advisor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        begin_draft(advisor)

    with django_assert_max_num_queries(7):
        page: Any = browser.get(NEW)
    assert len(page.context["drafts"]) == 5
