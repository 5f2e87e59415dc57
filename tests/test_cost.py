from __future__ import annotations

import numpy as np
import pytest

from modelling.errors import TrainingDataError
from modelling.training.bootstrap import estimate
from modelling.training.cost import approval_rate, best_threshold, cost_per_application, optimal_threshold
from modelling.training.metrics import Metric, Outcomes


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
