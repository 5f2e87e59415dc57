"""The advisor's day at the list and at one application."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from applications.models import Application, Stage
from tests.browser.conftest import Visit
from tests.factories import ApplicationFactory

Start = Callable[..., Visit]
LogIn = Callable[[Visit], None]


def test_the_list_is_walked_and_opened_by_keys_alone(visit: Start, log_in: LogIn, application: Application) -> None:
    other = ApplicationFactory.create(agency=application.agency, stage=Stage.TO_DECIDE)
    window = visit()
    log_in(window)
    page = window.page

    for key in "jjjk":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{window.address}/applications/{min(application.pk, other.pk)}")
    page.go_back()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Le dossier")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Le dossier")).to_be_visible()

    assert window.complaints == []


def test_the_help_on_keys_opens_by_a_key_and_can_switch_them_off(
    visit: Start, log_in: LogIn, application: Application
) -> None:
    window = visit()
    log_in(window)
    page = window.page

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
    assert window.axe_violations() == []
    page.get_by_label("Utiliser ces raccourcis").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("?")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(f"{window.address}/applications/")
    assert window.complaints == []


def test_columns_and_a_view_are_chosen_and_stay(visit: Start, log_in: LogIn, application: Application) -> None:
    window = visit()
    log_in(window)
    page = window.page

    page.get_by_text("Colonnes", exact=True).click()
    assert window.axe_violations() == []
    page.get_by_label("Revenu annuel").check()
    page.get_by_role("button", name="Afficher ces colonnes").click()
    expect(page.get_by_role("columnheader", name="Revenu annuel")).to_be_visible()
    page.get_by_role("search").get_by_label("État").select_option("to_decide")
    page.get_by_role("button", name="Afficher", exact=True).click()
    page.get_by_text("Mes vues", exact=True).click()
    page.get_by_label("Garder ces filtres sous le nom").fill("Ma file")
    page.get_by_role("button", name="Garder la vue").click()
    page.get_by_role("link", name="Demandes").first.click()
    page.get_by_role("link", name="Ma file").click()

    expect(page).to_have_url(f"{window.address}/applications/?stage=to_decide&order=newest")
    expect(page.get_by_role("columnheader", name="Revenu annuel")).to_be_visible()
    assert window.axe_violations() == []
    assert window.complaints == []
