from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logit

from modelling.errors import TrainingDataError
from modelling.recalibration import probability_of
from modelling.training.bootstrap import estimate
from modelling.training.cost import (
    Terms,
    approval_rate,
    best_threshold,
    by_credit,
    cost_per_application,
    default_rate,
    optimal_threshold,
)
from modelling.training.metrics import Metric, Outcomes
from modelling.training.pricing import Loans, is_calibration_alarm, measured


def plain(metric: Metric, outcomes: Outcomes) -> float:
    return float(metric(outcomes, outcomes.unit_weights)[0])


@pytest.fixture(scope="module")
def calibrated() -> Outcomes:
    """Give 400,000 clients whose probabilities are exactly the chance with which they default."""
    draw = np.random.default_rng(0)
    probability = draw.beta(1.2, 10, 400_000)
    return Outcomes.of(probability, (draw.uniform(size=400_000) < probability).astype(int))


@pytest.mark.parametrize("ratio", [4, 10, 20])
def test_on_calibrated_probabilities_the_cheapest_threshold_is_one_over_one_plus_the_ratio(
    calibrated: Outcomes, ratio: float
) -> None:
    assert optimal_threshold(ratio) == 1 / (1 + ratio)
    assert plain(best_threshold(ratio), calibrated) == pytest.approx(1 / (1 + ratio), rel=0.1)


def test_no_other_threshold_is_cheaper_than_the_one_found() -> None:
    draw = np.random.default_rng(1)
    probability, target = draw.choice([0.05, 0.1, 0.2, 0.4], 200), draw.integers(0, 2, 200)
    outcomes = Outcomes.of(probability, target)

    for ratio in (0.2, 1, 5, 50):
        found = plain(best_threshold(ratio), outcomes)
        costs = [plain(cost_per_application(cut, ratio), outcomes) for cut in (0, 0.07, 0.15, 0.3, 1.0)]
        assert plain(cost_per_application(found, ratio), outcomes) == pytest.approx(min(costs))


def test_an_accepted_default_costs_the_ratio_and_a_refused_good_client_one() -> None:
    outcomes = Outcomes.of(np.array([0.1, 0.2, 0.3, 0.4]), np.array([1, 0, 0, 1]))

    assert plain(cost_per_application(0.25, 10), outcomes) == (10 + 0 + 1 + 0) / 4
    assert plain(approval_rate(0.25), outcomes) == 0.5


def test_a_probability_at_the_threshold_is_refused() -> None:
    outcomes = Outcomes.of(np.array([0.25, 0.3]), np.array([0, 1]))

    assert plain(approval_rate(0.25), outcomes) == 0.0
    assert plain(cost_per_application(0.25, 10), outcomes) == 0.5


@pytest.mark.parametrize("ratio", [0, -1, float("nan")])
def test_a_cost_ratio_is_above_zero(ratio: float) -> None:
    with pytest.raises(TrainingDataError, match="cost ratio"):
        optimal_threshold(ratio)


def test_the_interval_of_the_cheapest_threshold_holds_the_calibrated_one(calibrated: Outcomes) -> None:
    few = Outcomes.of(calibrated.probability[::20], calibrated.default[::20].astype(int))

    found = estimate(few, {"threshold": best_threshold(10)}, seed=0, rounds=200)["threshold"]

    assert found.low <= 1 / 11 <= found.high


def test_money_and_numbers_agree_when_every_credit_is_the_same() -> None:
    draw = np.random.default_rng(3)
    probability = draw.beta(1.2, 10, 2_000)
    target = (draw.uniform(size=2_000) < probability).astype(int)
    found = measured(Loans.of(probability, target, np.full(2_000, 9_000.0)), terms=Terms(), seed=0)

    money, counted = found["money"], found["threshold"]
    assert money["best_on_these_rows"]["threshold"] == counted["best_on_these_rows"]["threshold"]
    per_application = counted["policy"]["cost_per_application"]["value"]
    assert money["policy"]["cost_of_the_sum_asked"]["value"] == pytest.approx(per_application * 0.045)
    accepted = probability < 1 / 11
    assert money["policy"]["loss_of_the_sum_lent"]["value"] == pytest.approx(0.45 * target[accepted].mean())


def test_large_loans_weigh_more_in_money() -> None:
    outcomes = Outcomes.of(np.array([0.1, 0.2, 0.3]), np.array([0, 1, 0]))

    lent = by_credit(approval_rate(0.25), np.array([1_000.0, 3_000.0, 4_000.0]))
    lost = by_credit(default_rate(0.25), np.array([1_000.0, 3_000.0, 4_000.0]))

    assert plain(lent, outcomes) == 0.5
    assert plain(lost, outcomes) == 0.75


def test_costs_are_told_at_four_ratios_and_without_credit_money_is_not() -> None:
    draw = np.random.default_rng(3)
    probability = draw.beta(1.2, 10, 500)
    found = measured(
        Loans.of(probability, (draw.uniform(size=500) < probability).astype(int), np.zeros(500)), terms=Terms(), seed=0
    )

    assert [each["cost_ratio"] for each in found["costs"]] == [10, 20, 50, 100]
    assert [each["policy"]["threshold"] for each in found["costs"]] == [1 / 11, 1 / 21, 1 / 51, 1 / 101]
    assert found["money"] is None


@pytest.mark.parametrize(("shift", "rings"), [(0.0, False), (1.0, True)])
def test_the_calibration_alarm_rings_for_probabilities_that_are_off_alone(shift: float, rings: bool) -> None:
    draw = np.random.default_rng(4)
    true = draw.beta(1.2, 10, 8_000)
    said = probability_of(logit(true) + shift)
    loans = Loans.of(said, (draw.uniform(size=8_000) < true).astype(int), np.zeros(8_000))

    found = measured(loans, terms=Terms(), seed=0)["threshold"]

    assert is_calibration_alarm(found, limit=0.25) is rings


def test_few_and_dear_defaults_ring_no_alarm_by_chance() -> None:
    draw = np.random.default_rng(6)
    probability = 0.03 + draw.beta(1.2, 20, 400)
    found = measured(
        Loans.of(probability, (draw.uniform(size=400) < probability).astype(int), np.zeros(400)), terms=Terms(), seed=0
    )

    dearest = found["costs"][-1]
    assert dearest["gap"] > 1  # nobody is below 1 %: the cheapest lies where the first default happens to be
    assert not any(is_calibration_alarm(each, limit=0.25) for each in found["costs"])


@pytest.mark.parametrize(
    "terms", [{"loss_given_default": 0.0}, {"margin": 1.5}, {"threshold": 1.0}, {"cost_ratio": -2.0}]
)
def test_terms_that_cannot_be_are_refused_in_a_sentence(terms: dict[str, float]) -> None:
    with pytest.raises(TrainingDataError, match="came"):
        Terms(**terms)
