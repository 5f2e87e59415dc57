from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import ks_2samp
from sklearn import metrics as reference
from sklearn.linear_model import LogisticRegression

from modelling.errors import TrainingDataError
from modelling.recalibration import probability_of
from modelling.training import metrics
from modelling.training.bootstrap import estimate
from modelling.training.metrics import METRICS, Floats, Metric, Outcomes

Rows = list[tuple[float, int]]
samples = st.lists(
    st.tuples(st.sampled_from([0.0, 0.05, 0.1, 0.3, 0.5, 0.7, 1.0]), st.integers(0, 1)), min_size=4, max_size=40
).filter(lambda rows: 0 < sum(row[1] for row in rows) < len(rows))


def of(rows: Rows) -> tuple[Floats, NDArray[np.int64], Outcomes]:
    probability, target = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    return probability, target, Outcomes.of(probability, target)


def plain(metric: Metric, outcomes: Outcomes) -> float:
    return float(metric(outcomes, outcomes.unit_weights)[0])


@settings(deadline=None)
@given(samples)
def test_ranking_metrics_agree_with_their_references_ties_included(rows: Rows) -> None:
    probability, target, outcomes = of(rows)

    assert plain(metrics.auc, outcomes) == pytest.approx(reference.roc_auc_score(target, probability))
    assert plain(metrics.pr_auc, outcomes) == pytest.approx(reference.average_precision_score(target, probability))
    gap = ks_2samp(probability[target == 0], probability[target == 1], method="asymp").statistic
    assert plain(metrics.ks, outcomes) == pytest.approx(gap)


@settings(deadline=None)
@given(samples)
def test_probability_metrics_agree_with_their_references(rows: Rows) -> None:
    probability, target, outcomes = of([(min(max(p, 0.01), 0.99), y) for p, y in rows])

    assert plain(metrics.brier, outcomes) == pytest.approx(reference.brier_score_loss(target, probability))
    assert plain(metrics.log_loss, outcomes) == pytest.approx(reference.log_loss(target, probability))


@pytest.mark.parametrize("name", METRICS)
def test_a_weight_of_two_is_a_client_who_stands_there_twice(name: str) -> None:
    draw = np.random.default_rng(1)
    probability = draw.uniform(0.05, 0.6, 300)
    target = (draw.uniform(size=300) < probability).astype(int)
    outcomes = Outcomes.of(probability, target)
    counts = draw.integers(0, 3, 300).astype(float)

    weighted = METRICS[name](outcomes, counts[None, :])[0]
    repeated = Outcomes.of(
        np.repeat(outcomes.probability, counts.astype(int)), np.repeat(outcomes.default, counts.astype(int)).astype(int)
    )

    # Calibration figures of a resample are one Newton step, and its ECE keeps the bins of the whole.
    tolerance = {"calibration_slope": 0.03, "calibration_intercept": 0.03, "ece": 0.02}.get(name, 1e-9)
    assert weighted == pytest.approx(plain(METRICS[name], repeated), abs=tolerance)


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (2.0, 0.0), (0.5, 0.7)])
def test_calibration_slope_and_intercept_find_how_predictions_were_bent(slope: float, shift: float) -> None:
    draw = np.random.default_rng(2)
    log_odds = draw.normal(-2.0, 1.0, 100_000)
    target = (draw.uniform(size=100_000) < probability_of(log_odds)).astype(int)

    bent = Outcomes.of(probability_of((log_odds - shift) / slope), target)

    assert plain(metrics.calibration_slope, bent) == pytest.approx(slope, abs=0.03)
    if slope == 1.0:
        assert plain(metrics.calibration_intercept, bent) == pytest.approx(shift, abs=0.03)


def test_the_calibration_slope_is_that_of_an_unpenalised_logistic_regression() -> None:
    draw = np.random.default_rng(3)
    log_odds = draw.normal(-1.0, 1.0, 2_000)
    target = (draw.uniform(size=2_000) < probability_of(0.8 * log_odds)).astype(int)

    fitted = LogisticRegression(C=np.inf, tol=1e-8).fit(log_odds[:, None], target)

    found = plain(metrics.calibration_slope, Outcomes.of(probability_of(log_odds), target))
    assert found == pytest.approx(fitted.coef_[0, 0], abs=1e-3)


def test_expected_calibration_error_is_the_mean_gap_over_equal_bins() -> None:
    outcomes = Outcomes.of(
        np.repeat([0.1, 0.5], 500), np.r_[np.ones(100), np.zeros(400), np.ones(200), np.zeros(300)].astype(int)
    )

    # In the first half 20 % default where 10 % were predicted; in the second 40 % where 50 % were; within a half the
    # clients of equal probability stand defaults first, so bins are all-default or all-repaid.
    assert plain(metrics.expected_calibration_error, outcomes) == pytest.approx(
        np.mean([0.9, 0.1, 0.1, 0.1, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5])
    )


@pytest.mark.parametrize("target", [np.zeros(5, dtype=int), np.ones(5, dtype=int)])
def test_one_outcome_alone_measures_nothing(target: NDArray[np.int64]) -> None:
    with pytest.raises(TrainingDataError, match="who repaid and clients who defaulted; came 5 clients"):
        Outcomes.of(np.linspace(0, 1, 5), target)


def test_intervals_hold_the_figure_narrow_with_more_clients_and_repeat_by_seed() -> None:
    draw = np.random.default_rng(4)
    probability = draw.uniform(0.02, 0.4, 8_000)
    target = (draw.uniform(size=8_000) < probability).astype(int)

    many = estimate(Outcomes.of(probability, target), METRICS, seed=1, rounds=200)
    few = estimate(Outcomes.of(probability[:500], target[:500]), METRICS, seed=1, rounds=200)

    for name in set(METRICS) - {"ece"}:
        assert many[name].low <= many[name].value <= many[name].high
        assert many[name].high - many[name].low < few[name].high - few[name].low
    assert many["auc"] == estimate(Outcomes.of(probability, target), METRICS, seed=1, rounds=200)["auc"]


def test_the_interval_of_the_auc_is_as_wide_as_theory_says() -> None:
    draw = np.random.default_rng(5)
    score = draw.normal(size=4_000)
    target = (draw.uniform(size=4_000) < probability_of(score - 2)).astype(int)
    outcomes = Outcomes.of(probability_of(score), target)

    found = estimate(outcomes, {"auc": metrics.auc}, seed=0)["auc"]

    # Hanley and McNeil 1982.
    area, bad, good = found.value, target.sum(), (1 - target).sum()
    above, twice = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (area * (1 - area) + (bad - 1) * (above - area**2) + (good - 1) * (twice - area**2)) / (bad * good)
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(np.sqrt(variance), rel=0.15)
