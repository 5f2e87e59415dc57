from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, fbeta_score, matthews_corrcoef, precision_score, recall_score

from modelling.training.classification import at_threshold, beta_of, counts
from modelling.training.metrics import Outcomes

DRAW = np.random.default_rng(0)
TARGET = (DRAW.uniform(size=500) < 0.2).astype(np.int8)
PROBABILITY = np.clip(DRAW.beta(1, 5, 500) + 0.1 * TARGET, 0, 1)


@pytest.mark.parametrize("threshold", [0.1, 0.2, 0.4])
@pytest.mark.parametrize("ratio", [1.0, 10.0])
def test_the_figures_are_those_of_scikit_learn(threshold: float, ratio: float) -> None:
    outcomes, refused = Outcomes.of(PROBABILITY, TARGET), threshold <= PROBABILITY

    found = {
        name: metric(outcomes, outcomes.unit_weights)[0] for name, metric in at_threshold(threshold, ratio).items()
    }

    assert found == pytest.approx(
        {
            "f1": f1_score(TARGET, refused),
            "f_beta": fbeta_score(TARGET, refused, beta=beta_of(ratio)),
            "precision": precision_score(TARGET, refused),
            "recall": recall_score(TARGET, refused),
            "matthews": matthews_corrcoef(TARGET, refused),
        }
    )


def test_a_client_at_the_threshold_is_refused_and_all_are_counted_once() -> None:
    outcomes = Outcomes.of(np.array([0.1, 0.2, 0.2, 0.9]), np.array([0, 0, 1, 1]))

    found = counts(outcomes, 0.2)

    assert found == {"refused_defaults": 2, "refused_repaid": 1, "accepted_defaults": 0, "accepted_repaid": 1}


def test_where_nobody_is_refused_figures_are_0_and_never_missing() -> None:
    outcomes = Outcomes.of(PROBABILITY, TARGET)

    for metric in at_threshold(1.1, 10).values():
        assert metric(outcomes, outcomes.unit_weights)[0] == 0


def test_a_client_drawn_twice_counts_twice() -> None:
    outcomes, weights = Outcomes.of(PROBABILITY, TARGET), DRAW.integers(0, 3, (4, 500)).astype(float)

    found = at_threshold(0.2, 10)["f_beta"](outcomes, weights)

    order = np.argsort(PROBABILITY, kind="stable")
    for value, row in zip(found, weights, strict=True):
        drawn = np.repeat(order, row.astype(int))
        assert value == pytest.approx(fbeta_score(TARGET[drawn], PROBABILITY[drawn] >= 0.2, beta=beta_of(10)))
