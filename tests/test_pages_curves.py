from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from applications.access import ALLOWED, Action
from applications.charts.curves import Curve, CurveKind, curve
from applications.models import Role, User
from modelling.models import ModelVersion
from tests.factories import UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden" / "calibration.json"


@pytest.fixture
def browser() -> Browser:
    return browser_of(UserFactory.create(role=Role.ANALYST))


def figure_of(version: ModelVersion, kind: CurveKind, ratio: float = 10.0) -> Curve:
    found = curve(version, kind, ratio=ratio)
    assert found is not None
    return found


@pytest.mark.parametrize("path", ["curves", "curves/roc.json"])
def test_each_page_is_there_for_its_roles_and_for_no_other(champion: ModelVersion, anyone: User, path: str) -> None:
    response = browser_of(anyone).get(f"/model/versions/1/{path}")

    assert (response.status_code == 404) is (Action.READ_MODELS not in ALLOWED[Role(anyone.role)])


def test_each_curve_has_its_title_unit_source_count_and_table(
    champion: ModelVersion, browser: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get("/model/versions/1/curves")

    # Session, person, agency; the version.
    with django_assert_num_queries(4):
        response = browser.get("/model/versions/1/curves")

    text, page = text_of(response), response.content.decode()
    titles = ("Courbe ROC", "Précision et rappel", "(KS)", "Calibration", "Ce que coûte un seuil")
    assert [title for title in titles if title not in text] == []
    assert text.count("600 clients · prédictions hors pli, version 1 du modèle") == len(CurveKind)
    assert page.count("<canvas") == page.count("<table") == len(CurveKind)


@pytest.mark.parametrize("kind", CurveKind)
def test_a_figure_is_served_with_a_bounded_number_of_points(
    champion: ModelVersion, browser: Browser, kind: CurveKind
) -> None:
    figure = browser.get(f"/model/versions/1/curves/{kind}.json").json()

    assert figure["kind"] == kind
    assert all(0 < len(line["points"]) <= 210 for line in figure["lines"])
    assert 2 <= len(figure["rows"]) <= 25


def test_a_curve_says_what_its_measure_says(champion: ModelVersion) -> None:
    points = figure_of(champion, CurveKind.ROC).lines[0].points
    repaid, defaulted = (dict(line.points) for line in figure_of(champion, CurveKind.KS).lines)

    area = sum((x - x_next) * (y + y_next) / 2 for (x, y), (x_next, y_next) in pairwise(points))
    assert area == pytest.approx(champion.metrics["auc"]["value"], abs=0.01)
    widest = max(repaid[x] - defaulted[x] for x in repaid)
    assert widest == pytest.approx(champion.metrics["ks"]["value"], abs=0.03)


@pytest.mark.parametrize("ratio", [10.0, 100.0])
def test_the_cost_is_drawn_with_both_optima_of_the_report(champion: ModelVersion, ratio: float) -> None:
    best = next(each for each in champion.report["costs"] if each["cost_ratio"] == ratio)["best_on_these_rows"]

    figure = figure_of(champion, CurveKind.COST, ratio)

    assert [mark.x for mark in figure.marks] == [pytest.approx(1 / (1 + ratio)), best["threshold"]]
    lowest = min(cost for _, cost in figure.lines[0].points)
    assert lowest == pytest.approx(best["cost_per_application"]["value"], rel=0.1)


def test_the_ratio_asked_for_is_the_one_drawn_and_any_other_is_the_standard_one(
    champion: ModelVersion, browser: Browser
) -> None:
    asked = browser.get("/model/versions/1/curves/cost.json?ratio=50").json()
    nonsense = browser.get("/model/versions/1/curves/cost.json?ratio=seven").json()

    assert asked["marks"][0]["x"] == pytest.approx(1 / 51)
    assert nonsense["marks"][0]["x"] == pytest.approx(1 / 11)


def test_what_does_not_exist_is_said(champion: ModelVersion, browser: Browser) -> None:
    assert browser.get("/model/versions/77/curves").status_code == 404
    assert browser.get("/model/versions/1/curves/moon.json").status_code == 404


def test_a_version_without_curves_says_so(champion: ModelVersion, browser: Browser) -> None:
    ModelVersion.objects.update(report={})

    assert "réentraînez-la" in text_of(browser.get("/model/versions/1/curves"))
    assert browser.get("/model/versions/1/curves/roc.json").status_code == 404


def test_the_golden_calibration_has_the_shape_the_page_serves(champion: ModelVersion) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    with translation.override("en"):
        figure = figure_of(champion, CurveKind.CALIBRATION).to_json()

    assert figure.keys() == golden.keys()
    assert [line["role"] for line in golden["lines"]] == ["main", "chance"]
