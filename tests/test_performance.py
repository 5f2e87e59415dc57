from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from modelling.performance import GRADES, by_grade, jeffreys, rank, rate
from modelling.training.metrics import Outcomes, auc


@pytest.mark.parametrize(("defaults", "clients"), [(0, 10), (1, 10), (5, 10), (10, 10), (80, 1_000)])
def test_the_interval_is_jeffreys(defaults: int, clients: int) -> None:
    low, high = jeffreys(defaults, clients)

    belief = stats.beta(defaults + 0.5, clients - defaults + 0.5)
    assert low == (0 if defaults == 0 else pytest.approx(belief.ppf(0.025)))
    assert high == (1 if defaults == clients else pytest.approx(belief.ppf(0.975)))


def test_of_nobody_anything_may_be() -> None:
    assert jeffreys(0, 0) == (0, 1)


def test_the_interval_holds_the_true_rate_about_19_times_in_20() -> None:
    draws = np.random.default_rng(1).binomial(400, 0.08, 2_000)

    held = np.mean([low <= 0.08 <= high for low, high in (jeffreys(int(draw), 400) for draw in draws)])

    assert 0.93 < held < 0.97


def test_the_auc_is_that_of_training_with_hanley_and_mcneils_interval() -> None:
    draw = np.random.default_rng(2)
    probability = np.round(draw.beta(1, 9, 3_000), 3)
    default = draw.uniform(size=3_000) < probability
    outcomes = Outcomes.of(probability, default.astype(np.int8))

    found = rank(probability, default)

    assert found.auc == pytest.approx(float(auc(outcomes, outcomes.unit_weights)[0]))
    assert found.auc is not None
    assert found.interval is not None
    low, high = found.interval
    assert low < found.auc < high
    assert 0.03 < high - low < 0.10


@pytest.mark.parametrize("default", [[True, True], [False, False], []])
def test_nothing_is_ranked_when_all_went_one_way(default: list[bool]) -> None:
    found = rank(np.full(len(default), 0.1), np.array(default, dtype=bool))

    assert (found.auc, found.interval) == (None, None)


def test_a_client_is_of_the_grade_his_probability_falls_in() -> None:
    probability = np.array([0.0, 0.0199, 0.02, 0.5, 1.0])
    default = np.array([False, True, False, True, True])

    found = {each.name: (each.clients, each.defaults) for each in by_grade(probability, default)}

    assert found == {"A": (2, 1), "B": (1, 0), "G": (2, 2)}
    assert [name for name, _ in GRADES] == sorted(name for name, _ in GRADES)


def test_a_rate_is_as_expected_while_the_true_one_may_be() -> None:
    default = np.arange(1_000) < 80

    calibrated = rate("all", np.full(1_000, 0.085), default)
    too_low = rate("all", np.full(1_000, 0.05), default)

    assert calibrated is not None
    assert calibrated.is_as_expected
    assert too_low is not None
    assert not too_low.is_as_expected
    assert rate("nobody", np.empty(0), np.empty(0, dtype=bool)) is None
