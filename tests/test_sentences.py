from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from modelling.sentences import TITLES, of_column, of_treatment
from modelling.training.candidates import CANDIDATES
from modelling.training.sampling import TREATMENTS


def figures(name: str, mean: float, slope: float, auc: float) -> dict[str, Any]:
    rest = {"approval_rate": {"value": 0.4}, "cost_per_application": {"value": 0.61}}
    ranked = {"auc": {"value": auc, "low": auc - 0.01, "high": auc + 0.01}}
    return {
        "name": name,
        "mean_predicted": mean,
        "observed_rate": 0.08,
        "as_it_comes": {**rest, "calibration_slope": {"value": slope}},
        "calibrated": {"approval_rate": {"value": 0.7}, "cost_per_application": {"value": 0.5123}, **ranked},
    }


PLAIN = figures("none", 0.081, 1.02, 0.75)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def column(**facts: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("missing", "skewness", "skew", "kurtosis", "scale", "level_count", "levels", "flagged_by"))
    return {"use": "yes", "missing_share": 0.125, "forced": [], **nothing, **facts}


def test_an_inflated_level_is_called_no_probability() -> None:
    told = " ".join(of_treatment(figures("smote", 0.36, 0.7, 0.745), PLAIN))

    assert "predicts 36.0% where 8.0% defaulted, 4.5 times the truth: what it says is no probability" in told
    assert "lie too far apart (calibration slope 0.70)" in told
    assert "as well as no treatment does, as far as these clients can tell: AUC 0.7450 against 0.7500" in told
    assert "refuse 60.0% of clients as it comes, at a cost of 0.610 an application; after calibration 30.0%, at" in told


def test_figures_are_rounded_and_not_cut() -> None:
    told = " ".join(of_treatment(figures("smote", 0.33169, 0.7881, 0.74589), PLAIN))

    assert "predicts 33.2% where 8.0% defaulted" in told
    assert "(calibration slope 0.79)" in told
    assert "AUC 0.7459 against" in told


@pytest.mark.parametrize(("auc", "word"), [(0.77, "better"), (0.73, "worse")])
def test_a_ranking_is_better_or_worse_only_beyond_the_interval_of_no_treatment(auc: float, word: str) -> None:
    assert f"It ranks clients {word}: AUC" in " ".join(of_treatment(figures("smote", 0.08, 1.3, auc), PLAIN))


def test_no_treatment_is_not_compared_with_itself() -> None:
    told = list(of_treatment(PLAIN, PLAIN))

    assert len(told) == 3
    assert told[0].endswith("the level is right.")
    assert "spread as the outcomes are" in told[1]


def test_the_same_is_said_in_french_with_french_numbers() -> None:
    with override("fr"):
        told = " ".join(of_treatment(figures("smote", 0.36, 0.7, 0.745), PLAIN))

    assert "en moyenne de 36,0\u202f% quand 8,0\u202f% des clients sont en défaut, soit 4,5 fois la réalité" in told


def test_a_choice_is_told_with_its_reason() -> None:
    told = list(
        of_column(
            column(
                missing="median+flag", skew="yeo-johnson", skewness=3.21, scale="robust", kurtosis=12.0, flagged_by="b"
            )
        )
    )

    assert told == [
        "The median where it is missing, and a flag that says so: 12.5% is missing.",
        "Straightened by Yeo and Johnson: its skewness is 3.2.",
        "Counted in half interquartile ranges from the median: its excess kurtosis is then 12.0.",
        "Missing together with b, which is flagged for both.",
    ]


def test_what_a_person_chose_and_what_a_forest_ignores_is_said() -> None:
    assert list(of_column(column(missing="zero", skew="none", scale="none", forced=["missing"]))) == [
        "Zero where it is missing: because a person asked.",
        "Not straightened: its shape does not matter here.",
        "Not scaled: its unit does not matter here.",
    ]
    assert list(of_column(column(levels="codes", level_count=7))) == [
        "Told by the place of its level, the most frequent first: it has 7 levels."
    ]


@pytest.mark.parametrize(("forced", "words"), [(["use"], "because a person asked."), ([], "it never varies.")])
def test_a_column_left_out_says_why(forced: list[str], words: str) -> None:
    (told,) = of_column(column(use="no", forced=forced))

    assert told.endswith(words)


def test_every_candidate_has_a_title() -> None:
    assert set(TITLES) == {*CANDIDATES, *TREATMENTS}
