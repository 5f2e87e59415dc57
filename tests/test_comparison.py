"""The lab's side of a comparison: candidates, their processes, and what is measured of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from modelling.encoding import Encoding
from modelling.errors import TrainingDataError
from modelling.recalibration import probability_of
from modelling.training.candidates import CANDIDATES, Setting
from modelling.training.comparison import Conditions, Measured, compare
from modelling.training.comparison_process import agreed, peak_megabytes
from modelling.training.cost import Terms
from modelling.training.dataset import TrainingSet, sampled
from modelling.training.sampling import TREATMENTS

ENCODING = Encoding(features=("risk", "bend", "noise", "job"), levels={"job": ("a", "b", "c")})


def rows(clients: int = 900, seed: int = 0) -> TrainingSet:
    draw = np.random.default_rng(seed)
    risk, bend, noise = draw.normal(size=(3, clients))
    job = draw.integers(0, 3, clients)
    chance = probability_of(1.2 * risk + 0.8 * (job == 1) + 0.5 * np.abs(bend) - 2.2)
    values = np.column_stack((risk, np.where(draw.uniform(size=clients) < 0.2, np.nan, bend), noise, job))
    target = (draw.uniform(size=clients) < chance).astype(np.int8)
    return TrainingSet(np.arange(clients), values.astype(np.float32), target, np.ones(clients), ENCODING)


SETTING = Setting(ENCODING)


@pytest.mark.parametrize("name", [*CANDIDATES, *TREATMENTS])
def test_each_candidate_learns_and_gives_finite_log_odds_also_of_strange_rows(name: str) -> None:
    known, fresh = rows(), rows(600, seed=1)
    strange = np.array([[np.nan] * 4, [9e9, -9e9, 0, 2]], dtype=np.float32)
    candidate = {**CANDIDATES, **TREATMENTS}[name]

    fitted = candidate(known.values, known.target, SETTING)

    auc = roc_auc_score(fresh.target, fitted.log_odds(fresh.values))
    assert auc == 0.5 if name == "dummy" else auc > 0.68
    assert np.isfinite(fitted.log_odds(strange)).all()


@pytest.mark.parametrize("name", ["class_weights", "smote", "smote_tomek", "under_sampling"])
def test_balanced_rows_raise_every_probability_by_about_the_odds_of_a_default(name: str) -> None:
    """Balancing multiplies the odds by repayments per default, which log-odds show as a shift."""
    known = rows(2_000)
    odds = (1 - known.target.mean()) / known.target.mean()

    treated, plain = (TREATMENTS[each](known.values, known.target, SETTING) for each in (name, "none"))

    shift = np.median(treated.log_odds(known.values) - plain.log_odds(known.values))
    assert shift == pytest.approx(np.log(odds), abs=0.5)


@pytest.fixture(scope="module")
def measured() -> dict[str, Measured]:
    found = compare(rows(), ["dummy", "logistic_regression"], Conditions(folds=3))
    return {each.name: each for each in found}


@pytest.mark.slow
def test_every_candidate_is_measured_out_of_fold_with_intervals(measured: dict[str, Measured]) -> None:
    for each in measured.values():
        assert sum(each.confusion.values()) == 900
        assert each.observed_rate == pytest.approx(rows().target.mean())
        for figures in (each.as_it_comes, each.calibrated):
            assert {"auc", "pr_auc", "ks", "brier", "log_loss", "f1", "f_beta", "matthews"} <= set(figures)
    auc = measured["logistic_regression"].calibrated["auc"]
    assert auc.low < auc.value < auc.high
    assert auc.low > measured["dummy"].calibrated["auc"].value + 0.1


@pytest.mark.slow
def test_confusion_and_figures_are_those_of_the_threshold(measured: dict[str, Measured]) -> None:
    found = measured["logistic_regression"]
    refused = found.confusion["refused_defaults"] + found.confusion["refused_repaid"]

    assert found.calibrated["recall"].value == pytest.approx(found.confusion["refused_defaults"] / rows().target.sum())
    assert found.calibrated["approval_rate"].value == pytest.approx(1 - refused / 900)
    assert found.calibrated["cost_per_application"].value == pytest.approx(
        (10 * found.confusion["accepted_defaults"] + found.confusion["refused_repaid"]) / 900
    )


@pytest.mark.slow
def test_time_memory_and_choices_are_told(measured: dict[str, Measured]) -> None:
    linear, dummy = measured["logistic_regression"], measured["dummy"]

    assert linear.fit_seconds > dummy.fit_seconds > 0
    assert linear.predict_microseconds > 0
    assert 50 < dummy.peak_megabytes < linear.peak_megabytes < 2_000
    assert [(each["column"], each["folds_agreeing"]) for each in linear.columns] == [(n, 3) for n in ENCODING.features]
    assert dummy.columns == []


@pytest.mark.slow
def test_figures_are_plain_json_and_null_where_the_rows_cannot_tell(measured: dict[str, Measured]) -> None:
    unknown = replace(measured["dummy"].calibrated["auc"], value=float("nan"))
    strange = replace(measured["dummy"], calibrated={"auc": unknown})

    assert json.loads(json.dumps(strange.to_json(), allow_nan=False))["calibrated"]["auc"]["value"] is None


def test_a_process_tells_the_most_memory_it_held() -> None:
    before = peak_megabytes()

    block = np.ones(40_000_000)

    assert block.sum() > 0
    assert peak_megabytes() >= before
    assert peak_megabytes() > 320


def test_choices_are_said_to_agree_in_as_many_folds_as_they_do() -> None:
    choice = {"kind": "number", "missing": "median", "skew": "none", "scale": "none", "levels": None, "use": "yes"}

    found = agreed([[choice], [{**choice, "skew": "yeo-johnson"}], [choice]])

    assert [each["folds_agreeing"] for each in found] == [2]


@pytest.mark.parametrize(
    ("names", "conditions", "clients", "sentence"),
    [
        (["lightgmb"], Conditions(), 900, "no candidate lightgmb; there are dummy, .*, under_sampling"),
        ([], Conditions(), 900, "no candidate named"),
        (["dummy"], Conditions(folds=1), 900, "at least 2; came 1"),
        (["dummy"], Conditions(folds=5), 4, r"fewer labelled clients \(4\) than folds \(5\)"),
    ],
)
def test_what_cannot_be_compared_is_told_before_anything_is_fitted(
    names: list[str], conditions: Conditions, clients: int, sentence: str
) -> None:
    with pytest.raises(TrainingDataError, match=sentence):
        list(compare(rows(clients), names, conditions))


def test_a_candidate_whose_process_breaks_is_named_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('no numbers here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(TrainingDataError, match="dummy did not finish: ImportError: no numbers here"):
        list(compare(rows(), ["dummy"], Conditions(folds=2)))


def test_drawing_clients_keeps_their_rows_together_and_the_seed_draws_them() -> None:
    all_rows = rows()

    some, same, other = (sampled(all_rows, 100, seed=seed) for seed in (1, 1, 2))

    assert some.client_ids.tolist() == same.client_ids.tolist() != other.client_ids.tolist()
    np.testing.assert_array_equal(some.values, all_rows.values[some.client_ids])
    np.testing.assert_array_equal(some.target, all_rows.target[some.client_ids])
    assert len(sampled(all_rows, 10_000, seed=0).target) == 900
    with pytest.raises(TrainingDataError, match="At least one client is drawn; came 0"):
        sampled(all_rows, 0, seed=0)


def test_the_threshold_is_the_policys_or_what_the_costs_call_for() -> None:
    assert Conditions().threshold == pytest.approx(1 / 11)
    assert Conditions(terms=Terms(threshold=0.2)).threshold == 0.2
