"""The analyst's pages on model versions as a browser shows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications.models import Role, User
from modelling.models import ModelVersion, TrainingRun
from tests.browser.conftest import Visit
from tests.factories import PASSWORD, UserFactory
from tests.fairness_reports import fairness_report_on
from tests.test_pages_comparisons import comparison, result

PAGES = (
    "/model/versions/1/",
    "/model/versions/1/fairness",
    "/model/versions/1/curves",
    "/model/trainings/",
    "/model/comparisons/",
    "/model/explanation/effects",
)
FIGURE = {"gated": 0.7558, "open": 0.7564, "value": 0.0006, "low": -0.0005, "high": 0.0017}


@pytest.fixture
def analyst(transactional_db: None, champion: ModelVersion) -> User:
    """Give an analyst of a site whose version has a proxy nobody answered for, and two comparisons."""
    part = {"auc": FIGURE, "cost_per_application": FIGURE}
    gate = {"clients": 2_000, "with_controlled": part, "with_barred": part}
    fairness_report_on(champion, gate=gate, occupation_type=0.783, ext_source_2=0.55)
    comparison("models", result("logistic_regression", auc=0.74), result("lightgbm", auc=0.762))
    comparison("sampling", result("none", auc=0.762), result("smote", auc=0.741, predicted=0.31))
    TrainingRun.objects.create(snapshot_name="autumn", seed=7, figures={"features": 10.0, "fold 1 of 5": 20.0})
    return UserFactory.create(role=Role.ANALYST, agency=None)


@pytest.mark.parametrize(("dark", "width"), [(False, 1360), (True, 390)])
def test_the_pages_are_accessible_and_never_scroll_sideways(
    visit: Callable[..., Visit], analyst: User, dark: bool, width: int
) -> None:
    window = visit(dark=dark, width=width)
    window.open("/login")
    window.page.get_by_label("Nom d'utilisateur").fill(analyst.username)
    window.page.get_by_label("Mot de passe").fill(PASSWORD)
    window.page.get_by_role("main").get_by_role("button").click()
    window.page.wait_for_url(lambda address: "/login" not in address)

    for path in PAGES:
        window.open(path)
        window.page.wait_for_load_state("networkidle")
        assert window.axe_violations() == [], path
        assert not window.scrolls_sideways(), path
        drawn = window.page.evaluate("[...document.querySelectorAll('canvas')].map((each) => !!Chart.getChart(each))")
        assert all(drawn), path
    assert window.complaints == []
