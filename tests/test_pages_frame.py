from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse

from applications.context import NavEntry, NavGroup
from applications.models import Agency, Role, User
from tests.factories import PASSWORD, ApplicationFactory, UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

PAGES = ("/applications/", "/applications/find", "/applications/next", "/applications/1", "/applications/1/state")
EVERYONES = {"/applications/", "/portfolio/", "/model/explanation/", "/dictionary/", "/tables/"}
POSTED = ("/applications/1/decision", "/applications/1/assessment")


def entries_of(response: Any) -> dict[str, NavEntry]:
    """Give the pages of the menu by address, those of its groups too."""
    nav = response.context["frame"].nav
    entries = [entry for item in nav for entry in (item.entries if isinstance(item, NavGroup) else [item])]
    return {entry.address: entry for entry in entries}


@pytest.mark.parametrize("address", [*PAGES, "/applications/1/waterfall.json", "/journal/"])
def test_nobody_reads_a_page_without_logging_in(client: Browser, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login?next=")


@pytest.mark.parametrize("address", POSTED)
def test_nobody_sends_a_form_without_logging_in(client: Browser, address: str) -> None:
    assert client.post(address).headers["Location"].startswith("/login?next=")


def test_logging_in_leads_to_the_list(client: Browser, advisor: User) -> None:
    response = client.post("/login", {"username": advisor.username, "password": PASSWORD})

    assert (response.status_code, response.headers["Location"]) == (302, "/applications/")


def test_a_wrong_password_is_answered_by_a_sentence(client: Browser, advisor: User) -> None:
    response = client.post("/login", {"username": advisor.username, "password": "wrong"})

    assert "ne correspondent pas" in text_of(response)


def test_after_too_many_wrong_passwords_logging_in_pauses_with_a_sentence(client: Browser, advisor: User) -> None:
    for _ in range(10):
        response = client.post("/login", {"username": advisor.username, "password": "wrong"})

    assert response.status_code == 429
    assert "15 minutes" in text_of(response)


def test_logging_out_is_a_post(advisor: User) -> None:
    browser = browser_of(advisor)

    assert browser.get("/logout").status_code == 405
    assert browser.post("/logout").headers["Location"] == "/login"
    assert browser.get("/applications/").status_code == 302


def test_the_site_speaks_french_whatever_the_browser_asks_for(client: Browser) -> None:
    response = client.get("/login", headers={"accept-language": "en-US,en"})

    assert '<html lang="fr">' in response.content.decode()


def test_english_is_chosen_by_a_switch_and_kept(advisor: User) -> None:
    browser = browser_of(advisor)

    browser.post("/language", {"language": "en", "next": "/applications/"})

    assert "Highest probability first" in text_of(browser.get("/applications/"))


def test_the_header_says_agency_and_role(agency: Agency) -> None:
    browser = browser_of(UserFactory.create(agency=agency))

    assert f"{agency.name} · Conseiller" in text_of(browser.get("/applications/"))


MODEL = (
    "/model/versions/",
    "/model/trainings/",
    "/model/studies/",
    "/model/comparisons/",
    "/model/performance/",
    "/model/drift/",
)


@pytest.mark.parametrize(
    ("role", "entries"),
    [
        (Role.ADVISOR, []),
        (Role.ANALYST, [*MODEL, "/quality/"]),
        (Role.MANAGER, [*MODEL, "/quality/"]),
        (Role.AUDITOR, [*MODEL, "/quality/", "/journal/"]),
        (Role.ADMIN, [*MODEL, "/quality/", "/journal/", "/operations/", "/admin/"]),
    ],
)
def test_the_menu_has_the_pages_the_role_may_open(role: Role, entries: list[str], agency: Agency) -> None:
    browser = browser_of(
        UserFactory.create(role=role, agency=agency, is_staff=role == Role.ADMIN, is_superuser=role == Role.ADMIN)
    )

    found = entries_of(browser.get("/applications/"))

    assert [address for address in found if address not in EVERYONES] == entries
    assert all(browser.get(address).status_code == 200 for address in found)


def test_the_menu_marks_the_page_and_its_group(advisor: User) -> None:
    browser = browser_of(advisor)

    nav = browser.get("/dictionary/").context["frame"].nav

    assert [item.label for item in nav if item.is_current] == ["Données"]
    assert [address for address, entry in entries_of(browser.get("/dictionary/")).items() if entry.is_current] == [
        "/dictionary/"
    ]


@pytest.mark.parametrize("is_demo", [True, False])
def test_demo_data_are_called_so_on_every_page_and_in_its_title(advisor: User, is_demo: bool) -> None:
    number = ApplicationFactory.create(agency=advisor.agency).pk
    browser = browser_of(advisor)

    with override_settings(DEMO_DATA=is_demo):
        pages = [browser.get(address) for address in ("/applications/", f"/applications/{number}", "/applications/9")]
        pages.append(Browser().get("/login"))

    for page in pages:
        title = page.content.decode().split("<title>")[1].split("</title>")[0]
        assert ("Données de démonstration" in title) == is_demo
        assert ("Données de démonstration" in text_of(page).split("Prêt à dépenser", 2)[-1]) == is_demo


def test_an_unknown_address_is_a_page_with_a_sentence(advisor: User) -> None:
    response = browser_of(advisor).get("/nowhere")

    assert response.status_code == 404
    assert "adresse" in text_of(response)


def test_a_failure_is_a_page_with_a_sentence_and_no_detail(advisor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("applications.views.listing.listing.desk_of", fail)
    browser = browser_of(advisor)
    browser.raise_request_exception = False

    response = browser.get("/applications/")

    assert response.status_code == 500
    assert "secret detail" not in response.content.decode()
    assert 'href="/"' in response.content.decode()


def test_a_form_without_its_token_is_refused_with_a_sentence(advisor: User) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(advisor, backend="django.contrib.auth.backends.ModelBackend")

    response = browser.post(reverse("application_assess", args=[1]))

    assert response.status_code == 403
    assert "rien n'a été enregistré" in text_of(response)


def test_pages_allow_nothing_from_elsewhere(client: Browser) -> None:
    policy = client.get("/login").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
