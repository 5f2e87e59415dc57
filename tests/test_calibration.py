from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from modelling.errors import BundleError
from modelling.recalibration import Recalibration, probability_of
from modelling.training.calibration import LEAST_SLOPE, cross_fitted, fit_platt
from modelling.training.metrics import Floats


def drawn(log_odds: Floats, seed: int = 0) -> NDArray[np.int8]:
    return (np.random.default_rng(seed).uniform(size=len(log_odds)) < probability_of(log_odds)).astype(np.int8)


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.4, -1.0), (2.5, 0.6)])
def test_a_known_distortion_is_undone(slope: float, intercept: float) -> None:
    true = np.random.default_rng(1).normal(-2.4, 1.0, 200_000)

    found = fit_platt((true - intercept) / slope, drawn(true))

    assert found.slope == pytest.approx(slope, rel=0.03)
    assert found.intercept == pytest.approx(intercept, abs=0.06)


def test_the_mean_calibrated_probability_is_the_observed_rate() -> None:
    raw = np.random.default_rng(2).normal(0.0, 1.0, 5_000)
    target = drawn(0.7 * raw - 2.5)

    calibrated = probability_of(fit_platt(raw, target).log_odds(raw))

    assert calibrated.mean() == pytest.approx(target.mean(), abs=1e-3)


def test_separated_classes_give_a_finite_line() -> None:
    found = fit_platt(np.r_[np.full(50, -3.0), np.full(50, 3.0)], np.repeat([0, 1], 50))

    assert probability_of(found.log_odds(np.array([3.0])))[0] == pytest.approx(51 / 52)


@pytest.mark.parametrize("raw", [np.zeros(400), np.tile([2.0, -2.0], 200)])
def test_predictions_that_tell_nothing_or_the_contrary_keep_a_rising_line_at_the_observed_rate(raw: Floats) -> None:
    target = np.tile([0, 1, 0, 0], 100)

    found = fit_platt(raw, target)

    assert found.slope == LEAST_SLOPE
    assert probability_of(found.log_odds(raw)).mean() == pytest.approx(0.25, abs=0.01)


def test_a_client_is_calibrated_by_a_line_his_own_fold_did_not_draw() -> None:
    raw = np.random.default_rng(3).normal(0.0, 1.0, 900)
    target, folds = drawn(raw - 2), np.arange(900) % 3
    other = np.where(folds == 1, 1 - target, target)

    changed = cross_fitted(raw, other, folds) != cross_fitted(raw, target, folds)

    assert not changed[folds == 1].any()
    assert changed[folds != 1].all()


def test_a_calibration_survives_its_own_json_and_refuses_a_kind_it_does_not_know() -> None:
    line = Recalibration(slope=1.25, intercept=-0.5)

    assert Recalibration.of_json(line.to_json()) == line
    with pytest.raises(BundleError, match="'isotonic'"):
        Recalibration.of_json({"kind": "isotonic"})


@pytest.mark.parametrize("slope", [0.0, -1.0, float("nan")])
def test_a_line_that_would_turn_the_order_round_is_refused(slope: float) -> None:
    with pytest.raises(BundleError, match="above zero"):
        Recalibration(slope=slope, intercept=0.0)
