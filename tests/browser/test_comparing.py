"""One client among others, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications.models import Application, Policy, User
from modelling.models import ModelVersion
from tests.browser.conftest import Visit
from tests.crowd import crowd_of, laid_out
from tests.factories import AgencyFactory

Start = Callable[..., Visit]
LogIn = Callable[[Visit], None]
PAGES = ("credits", "compare?by=amt_income_total", "compare?group=similar", "pairs")
PAIRS = ("x=name_income_type&y=amt_income_total", "x=name_contract_type&y=name_education_type")


@pytest.fixture
def client_of_ours(
    transactional_db: None, empty_state: None, advisor: User, champion: ModelVersion, policy: Policy
) -> Application:
    assert advisor.agency is not None
    first, *_others = crowd_of(advisor.agency, AgencyFactory.create())
    laid_out()
    return first


@pytest.mark.parametrize(("dark", "width"), [(False, 1360), (True, 390)])
def test_the_pages_that_compare_are_accessible_and_draw_without_a_complaint(
    visit: Start, log_in: LogIn, client_of_ours: Application, dark: bool, width: int
) -> None:
    window = visit(dark=dark, width=width)
    log_in(window)

    for path in (*PAGES, *(f"pairs?{pair}" for pair in PAIRS)):
        window.open(f"/applications/{client_of_ours.pk}/{path}")
        window.page.wait_for_load_state("networkidle")
        assert window.axe_violations() == [], path
        assert not window.scrolls_sideways(), path
        assert window.page.locator("canvas").count() == window.page.locator("canvas[style]").count(), path
    assert window.complaints == []


def test_more_stands_higher_and_the_star_where_the_clients_values_are(
    visit: Start, log_in: LogIn, client_of_ours: Application
) -> None:
    window = visit()
    log_in(window)

    window.open(f"/applications/{client_of_ours.pk}/pairs?x=amt_income_total&y=amt_credit")
    window.page.wait_for_load_state("networkidle")

    chart = "Chart.getChart(document.querySelector('canvas'))"
    height = f"{chart}.scales.y.getPixelForValue"
    assert window.page.evaluate(f"{height}(400000) < {height}(300000)")
    star = window.page.evaluate(f"{chart}.data.datasets[0].data[0]")
    assert (star["x"], star["y"]) == (client_of_ours.amt_income_total, client_of_ours.amt_credit)
