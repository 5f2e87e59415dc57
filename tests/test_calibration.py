from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import logit

from modelling.errors import BundleError
from modelling.recalibration import IsotonicCurve, PlattLine, Recalibration, probability_of, recalibration_of_json
from modelling.training.calibration import (
    KINDS,
    LEAST_SLOPE,
    calibrate,
    cross_fitted,
    fit_isotonic,
    fit_platt,
    grades,
    jeffreys,
)
from modelling.training.metrics import Floats, Outcomes

laws = settings(max_examples=60, deadline=None)


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


CURVE = IsotonicCurve(raw=(-2.0, 0.0, 1.0), calibrated=(-3.0, -2.0, 0.5), outside=0.8)
LINE = PlattLine(slope=1.25, intercept=-0.5)


@pytest.mark.parametrize("calibration", [LINE, CURVE])
def test_a_calibration_survives_its_own_json(calibration: Recalibration) -> None:
    assert recalibration_of_json(json.loads(json.dumps(calibration.to_json()))) == calibration


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(BundleError, match=r"'beta'; this version reads 'platt' and 'isotonic' only"):
        recalibration_of_json({"kind": "beta"})


@pytest.mark.parametrize("slope", [0.0, -1.0, float("nan")])
def test_a_line_that_would_turn_the_order_round_is_refused(slope: float) -> None:
    with pytest.raises(BundleError, match="above zero"):
        PlattLine(slope=slope, intercept=0.0)


@pytest.mark.parametrize(
    ("raw", "calibrated", "outside", "sentence"),
    [
        ((0.0, 1.0), (1.0, 1.0), 1.0, "rises strictly"),
        ((1.0, 1.0), (0.0, 1.0), 1.0, "rises strictly"),
        ((0.0, 1.0), (0.0, 1.0), 0.0, "rises strictly"),
        ((0.0, float("nan")), (0.0, 1.0), 1.0, "rises strictly"),
        ((0.0,), (0.0, 1.0), 1.0, "as many raw as calibrated knots: 1, 2"),
        ((), (), 1.0, "as many raw as calibrated knots: 0, 0"),
    ],
)
def test_a_curve_that_does_not_rise_is_refused(
    raw: tuple[float, ...], calibrated: tuple[float, ...], outside: float, sentence: str
) -> None:
    with pytest.raises(BundleError, match=sentence):
        IsotonicCurve(raw, calibrated, outside)


@laws
@given(points=st.lists(st.floats(-60, 60), min_size=2, max_size=9), base=st.floats(-5, 5))
def test_a_curve_keeps_order_and_its_probabilities_lie_between_0_and_1(points: list[float], base: float) -> None:
    raw = np.sort(np.asarray(points))

    calibrated = CURVE.log_odds(raw)
    probability = probability_of(CURVE.log_odds(np.clip(raw, -35, 35)))

    assert (np.diff(calibrated) > 0)[np.diff(raw) > 1e-6].all()
    assert ((probability > 0) & (probability < 1)).all()


@laws
@given(points=st.lists(st.floats(-60, 60), min_size=1, max_size=9), base=st.floats(-5, 5))
@pytest.mark.parametrize("calibration", [LINE, CURVE])
def test_contributions_times_the_secant_lead_from_the_bases_log_odds_to_the_clients(
    calibration: Recalibration, points: list[float], base: float
) -> None:
    raw = np.asarray([*points, base])

    factors = calibration.secants(raw, base)

    assert (factors > 0).all()
    reached = calibration.log_odds(np.asarray(base)) + factors * (raw - base)
    np.testing.assert_allclose(reached, calibration.log_odds(raw), atol=1e-6, rtol=1e-9)


def bent(clients: int) -> tuple[Floats, NDArray[np.int8]]:
    """Give raw log-odds that are right up to -2 and three times too flat above."""
    raw = np.random.default_rng(4).normal(-2.0, 1.0, clients)
    return raw, drawn(np.where(raw < -2, raw, -2 + 3 * (raw + 2)))


def test_a_bend_that_no_line_follows_is_followed_by_the_curve() -> None:
    raw, target = bent(100_000)

    found = fit_isotonic(raw, target)

    at = np.array([-3.5, -2.0, -1.0, 0.0])
    np.testing.assert_allclose(found.log_odds(at), np.where(at < -2, at, -2 + 3 * (at + 2)), atol=0.25)


def test_the_curve_is_kept_where_it_is_better_out_of_fold_and_the_line_where_it_is() -> None:
    straight = np.random.default_rng(6).normal(-2.0, 1.0, 20_000)
    folds = np.arange(20_000) % 5
    raw, target = bent(20_000)

    curved, plain = calibrate(raw, target, folds), calibrate(straight, drawn(0.8 * straight), folds)

    assert (curved.kind, plain.kind) == ("isotonic", "platt")
    assert isinstance(curved.kept, IsotonicCurve)
    assert isinstance(plain.kept, PlattLine)


def test_kinds_are_compared_on_clients_who_had_no_part_in_fitting_them() -> None:
    raw, target = bent(3_000)
    folds = np.arange(3_000) % 3
    other = np.where(folds == 1, 1 - target, target)

    changed = {kind: calibrate(raw, other, folds).by_kind[kind] != calibrate(raw, target, folds).by_kind[kind]
               for kind in KINDS}  # fmt: skip

    for moved in changed.values():
        assert not moved[folds == 1].any()
        assert moved[folds != 1].any()


@pytest.mark.parametrize("raw", [np.zeros(400), np.tile([2.0, -2.0], 200), np.linspace(-1, 1, 400)])
def test_a_curve_of_predictions_that_tell_nothing_still_rises(raw: Floats) -> None:
    found = fit_isotonic(raw, np.tile([0, 1, 0, 0], 100))

    assert probability_of(found.log_odds(raw)).mean() == pytest.approx(0.25, abs=0.02)


def test_separated_classes_give_a_finite_curve() -> None:
    raw = np.r_[np.linspace(-9, -8, 500), np.linspace(8, 9, 500)]

    probability = probability_of(fit_isotonic(raw, np.repeat([0, 1], 500)).log_odds(raw))

    assert ((probability > 0) & (probability < 1)).all()


def test_grades_are_tenths_unless_a_policys_bands_are_given() -> None:
    probability = np.linspace(0.005, 0.5, 1_000)
    outcomes = Outcomes.of(probability, drawn(logit(probability)))

    tenths, bands = grades(outcomes), grades(outcomes, (0.09, 0.2, 0.9))

    assert [grade.clients for grade in tenths] == [100] * 10
    assert [(grade.low, grade.high) for grade in bands] == [(0.0, 0.09), (0.09, 0.2), (0.2, 0.9)]
    assert sum(grade.defaults for grade in bands) == outcomes.default.sum()
    for grade in (*tenths, *bands):
        assert grade.low <= grade.predicted <= grade.high
        assert grade.observed_low <= grade.observed <= grade.observed_high


@pytest.mark.parametrize(
    ("defaults", "clients", "interval"), [(0, 20, (0.0, 0.117)), (20, 20, (0.883, 1.0)), (8, 100, (0.038, 0.145))]
)
def test_the_interval_of_a_rate_is_jeffreys(defaults: int, clients: int, interval: tuple[float, float]) -> None:
    assert jeffreys(defaults, clients) == pytest.approx(interval, abs=1e-3)
