from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import auc, roc_curve

from modelling.training.curves import MOST_POINTS, threshold_curve
from modelling.training.metrics import Floats, Outcomes


def some(clients: int, seed: int = 0) -> tuple[Outcomes, Floats]:
    draw = np.random.default_rng(seed)
    probability = np.round(draw.beta(1.2, 8, clients), 3)
    target = (draw.uniform(size=clients) < probability).astype(int)
    target[:2] = (0, 1)
    return Outcomes.of(probability, target), draw.uniform(1_000, 9_000, clients)


@given(st.integers(2, 400), st.integers(0, 50))
def test_whatever_the_clients_a_curve_has_few_points_and_runs_from_all_refused_to_all_accepted(
    clients: int, seed: int
) -> None:
    curve = threshold_curve(*some(clients, seed))

    assert all(len(values) == len(curve["threshold"]) <= MOST_POINTS for values in curve.values())
    assert [curve[name][0] for name in ("threshold", "approved", "caught", "false_alarms", "lent")] == [0, 0, 1, 1, 0]
    assert [curve[name][-1] for name in ("threshold", "approved", "caught", "false_alarms", "lent")] == [1, 1, 0, 0, 1]
    assert curve["approved"] == sorted(curve["approved"])


def test_the_thinned_curve_has_the_area_of_the_full_one() -> None:
    outcomes, credit = some(20_000)
    curve = threshold_curve(outcomes, credit)

    wide, high, _ = roc_curve(outcomes.default, outcomes.probability)

    thinned = auc(curve["false_alarms"], curve["caught"])
    assert thinned == pytest.approx(auc(wide, high), abs=2e-3)


def test_a_point_says_what_happens_at_its_threshold() -> None:
    outcomes, credit = some(500)
    curve = threshold_curve(outcomes, credit)
    place = len(curve["threshold"]) // 2
    refused = outcomes.probability >= curve["threshold"][place]

    assert curve["approved"][place] == pytest.approx(np.mean(~refused), abs=1e-6)
    assert curve["precision"][place] == pytest.approx(outcomes.default[refused].mean(), abs=1e-6)
    lost = (credit * outcomes.default)[~refused].sum() / credit.sum()
    assert curve["lent_to_defaults"][place] == pytest.approx(lost, abs=1e-6)
