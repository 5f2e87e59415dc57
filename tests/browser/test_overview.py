from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from applications.models import Application
from applications.services.tallies import count_everything
from tests.browser.conftest import Visit

Start = Callable[..., Visit]
LogIn = Callable[[Visit], None]

PAGES = (
    "/dictionary/",
    "/dictionary/?text=zzzz&table=nowhere",
    "/dictionary/ext_source_2",
    "/tables/",
    "/model/explanation/",
    "/portfolio/",
    "/portfolio/?application={number}&advice=maybe",
)


@pytest.mark.parametrize(("dark", "width"), [(False, 1360), (True, 390)])
def test_every_page_about_the_whole_is_accessible_and_never_scrolls_sideways(
    visit: Start, log_in: LogIn, application: Application, dark: bool, width: int
) -> None:
    count_everything()
    window = visit(dark=dark, width=width)
    log_in(window)

    for path in PAGES:
        window.open(path.format(number=application.pk))
        window.page.wait_for_load_state("networkidle")
        assert window.axe_violations() == [], path
        assert not window.scrolls_sideways(), path
    assert window.complaints == []


def test_the_dictionary_answers_while_one_types(visit: Start, log_in: LogIn, application: Application) -> None:
    window = visit()
    log_in(window)
    window.open("/dictionary/")
    all_of_them = window.page.get_by_role("status").inner_text()

    window.page.get_by_label("Rechercher").press_sequentially("score externe 2")

    expect(window.page.get_by_role("rowheader").first).to_contain_text("ext_source_2")
    expect(window.page.get_by_role("status")).not_to_have_text(all_of_them)
    expect(window.page).to_have_url(re.compile("text=score"))
    expect(window.page.get_by_label("Rechercher")).to_be_focused()
    assert window.complaints == []


def test_the_menu_opens_and_closes_by_keyboard(visit: Start, log_in: LogIn, application: Application) -> None:
    window = visit()
    log_in(window)
    page, drawer = window.page, window.page.get_by_role("link", name="Carte des tables")

    page.locator(".top summary", has_text="Données").focus()
    page.keyboard.press("Enter")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Carte des tables")).to_be_visible()


@pytest.mark.parametrize(("path", "drawn"), [("/model/explanation/", 10), ("/portfolio/", 1)])
def test_the_figure_is_drawn_and_its_table_is_there(
    visit: Start, log_in: LogIn, application: Application, path: str, drawn: int
) -> None:
    count_everything()
    window = visit()
    log_in(window)

    window.open(path)
    window.page.wait_for_load_state("networkidle")

    points = window.page.evaluate("Chart.getChart(document.querySelector('canvas')).data.datasets[0].data.length")
    assert points >= drawn
    window.page.get_by_text("Les mêmes chiffres en tableau").click()
    assert window.page.locator("details .list tbody tr").count() >= drawn
    assert window.complaints == []
