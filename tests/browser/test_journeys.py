from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from applications.models import Application, AssessmentRequest, Decision, RequestState
from applications.services.assessment import answer_requests, request_assessments
from tests.browser.conftest import Visit
from tests.factories import ApplicationFactory

Start = Callable[..., Visit]
LogIn = Callable[[Visit], None]

PAGES = (
    "/applications/",
    "/applications/?number=999",
    "/applications/{number}",
    "/applications/{number}?view=waterfall",
    "/applications/{number}?view=origin&scores=folded&strategy=prudent",
    "/applications/{number}/fields",
)


def test_an_advisor_finds_reads_and_decides(visit: Start, log_in: LogIn, application: Application) -> None:
    window = visit()
    page = window.page
    log_in(window)

    page.get_by_role("cell").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Pourquoi cet avis")).to_be_visible()
    expect(page.locator(".reasons li").first).to_be_visible()
    expect(page.get_by_role("img", name="Probabilité de défaut")).to_be_visible()
    expect(page.get_by_role("table").first.get_by_role("row")).to_have_count(10)
    page.get_by_label("Accorder").check()
    page.get_by_label("Motif").fill("Revenus stables")
    page.get_by_role("button", name="Enregistrer la décision").click()

    expect(page.get_by_role("status")).to_contain_text("Votre décision est enregistrée")
    assert Decision.objects.get().application_id == application.pk
    assert window.complaints == []


def test_the_waterfall_is_drawn_and_its_table_says_the_same(
    visit: Start, log_in: LogIn, application: Application
) -> None:
    window = visit()
    log_in(window)

    window.open(f"/applications/{application.pk}?view=waterfall")
    window.page.wait_for_load_state("networkidle")

    labels = window.page.evaluate("Chart.getChart(document.querySelector('canvas')).data.labels")
    assert len(labels) == 11
    window.page.get_by_text("Les mêmes chiffres en tableau").click()
    expect(window.page.locator("details table tbody tr")).to_have_count(len(labels))
    assert window.complaints == []


def test_a_chart_that_cannot_be_fetched_says_so(visit: Start, log_in: LogIn, application: Application) -> None:
    window = visit()
    log_in(window)
    window.page.route("**/waterfall.json*", lambda route: route.abort())

    window.open(f"/applications/{application.pk}?view=waterfall")

    expect(window.page.get_by_role("alert")).to_contain_text("tableau")


def test_a_waiting_page_shows_the_assessment_by_itself(visit: Start, log_in: LogIn, application: Application) -> None:
    waiting = ApplicationFactory.create(agency=application.agency)
    request_assessments([waiting.pk])
    window = visit()
    log_in(window)
    window.open(f"/applications/{waiting.pk}")
    expect(window.page.get_by_role("status")).to_contain_text("En attente d'évaluation")

    AssessmentRequest.objects.update(state=RequestState.RUNNING)
    expect(window.page.get_by_role("status")).to_contain_text("Évaluation en cours")
    answer_requests([waiting.pk])

    expect(window.page.get_by_role("heading", name="Pourquoi cet avis")).to_be_visible(timeout=10_000)
    assert window.complaints == []


def test_the_slash_key_goes_to_the_search_and_opens_a_number(
    visit: Start, log_in: LogIn, application: Application
) -> None:
    window = visit()
    log_in(window)

    window.page.keyboard.press("/")
    window.page.keyboard.type(str(application.pk))
    window.page.keyboard.press("Enter")

    expect(window.page).to_have_url(f"{window.address}/applications/{application.pk}")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1360, 1000, 390])
def test_every_page_is_accessible_and_never_scrolls_sideways(
    visit: Start, log_in: LogIn, application: Application, dark: bool, width: int
) -> None:
    window = visit(dark=dark, width=width)
    window.open("/login")
    assert window.axe_violations() == []
    log_in(window)

    for path in PAGES:
        window.open(path.format(number=application.pk))
        assert window.axe_violations() == [], path
        assert not window.scrolls_sideways(), path
    assert window.complaints == []
