from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from applications.access import ALLOWED, Action
from applications.models import Role, User
from modelling.models import ComparisonRun, State
from tests.factories import UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

FIGURES = [
    "auc",
    "pr_auc",
    "ks",
    "brier",
    "log_loss",
    "calibration_slope",
    "calibration_intercept",
    "ece",
    "f1",
    "f_beta",
    "precision",
    "recall",
    "matthews",
    "approval_rate",
    "cost_per_application",
]


def figure(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def result(name: str, *, auc: float, predicted: float = 0.08) -> dict[str, Any]:
    part = {**{each: figure(0.5) for each in FIGURES}, "auc": figure(auc)}
    sides = ("refused_defaults", "refused_repaid", "accepted_defaults", "accepted_repaid")
    return {
        "name": name,
        "as_it_comes": part,
        "calibrated": part,
        "mean_predicted": predicted,
        "observed_rate": 0.08,
        "confusion": dict.fromkeys(sides, 1_234),
        "fit_seconds": 12.3,
        "predict_microseconds": 4.5,
        "peak_megabytes": 678.0,
    }


def comparison(subject: str, *results: dict[str, Any], **facts: Any) -> ComparisonRun:
    return ComparisonRun.objects.create(
        subject=subject,
        snapshot_name="autumn",
        snapshot_digest="0" * 64,
        seed=0,
        names=[each["name"] for each in results],
        conditions={"folds": 5, "terms": {"cost_ratio": 10.0, "threshold": None}},
        results={each["name"]: each for each in results},
        **{"state": State.DONE, "finished_at": timezone.now(), **facts},
    )


@pytest.fixture
def browser() -> Browser:
    return browser_of(UserFactory.create(role=Role.ANALYST))


@pytest.fixture
def of_models(db: None) -> ComparisonRun:
    return comparison("models", result("logistic_regression", auc=0.74), result("lightgbm", auc=0.762))


@pytest.fixture
def of_treatments(db: None) -> ComparisonRun:
    return comparison("sampling", result("none", auc=0.762), result("smote", auc=0.741, predicted=0.31))


@pytest.mark.parametrize("path", ["", "{number}/"])
def test_each_page_is_there_for_its_roles_and_for_no_other(of_models: ComparisonRun, anyone: User, path: str) -> None:
    response = browser_of(anyone).get(f"/model/comparisons/{path.format(number=of_models.pk)}")

    assert (response.status_code == 404) is (Action.READ_MODELS not in ALLOWED[Role(anyone.role)])


def test_the_newest_of_each_subject_is_shown(
    of_models: ComparisonRun,
    of_treatments: ComparisonRun,
    browser: Browser,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    comparison("models", result("xgboost", auc=0.7654))
    browser.get("/model/comparisons/")

    # Session, person, agency; the newest of each subject, the list.
    with django_assert_num_queries(5):
        text = text_of(browser.get("/model/comparisons/"))

    assert "XGBoost 0,7654" in text
    assert "0,7400" not in text
    assert "SMOTE" in text
    assert text.count("instantané autumn".capitalize()) == 2


def test_an_older_one_is_read_by_its_number(of_models: ComparisonRun, browser: Browser) -> None:
    text = text_of(browser.get(f"/model/comparisons/{of_models.pk}/"))

    said = ("Régression logistique 0,7400", "0,7300 à 0,7500", "1 234", "12,3", "678")
    assert [words for words in said if words not in text] == []


def test_what_a_treatment_does_to_probabilities_is_said_in_words(
    of_treatments: ComparisonRun, browser: Browser
) -> None:
    text = text_of(browser.get("/model/comparisons/"))

    assert "ce n’est pas une probabilité de défaut" in text or "31,0" in text
    assert "Avant calibration" in text


def test_a_comparison_that_failed_says_why_and_one_under_way_how_far_it_is(browser: Browser) -> None:
    failed = comparison("models", result("dummy", auc=0.5), state=State.FAILED, error="Out of memory")
    running = comparison("sampling", result("none", auc=0.7), state=State.RUNNING, finished_at=None, folds_done=2)

    assert "Out of memory" in text_of(browser.get(f"/model/comparisons/{failed.pk}/"))
    assert "40 %" in text_of(browser.get(f"/model/comparisons/{running.pk}/"))


def test_nothing_compared_yet_and_no_such_comparison_are_said(browser: Browser) -> None:
    assert "compare_models" in text_of(browser.get("/model/comparisons/"))
    missing = browser.get("/model/comparisons/77/")
    assert missing.status_code == 404
    assert "77" in text_of(missing)
