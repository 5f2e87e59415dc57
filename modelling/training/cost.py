"""What a threshold costs: a default that was accepted costs `ratio`, a good client refused costs 1.

A client is refused from the threshold up. Nothing here ever sees the rows a version is finally tested on.
"""

from __future__ import annotations

import numpy as np

from modelling.errors import TrainingDataError
from modelling.training.metrics import Floats, Metric, Outcomes


def optimal_threshold(ratio: float) -> float:
    """Give the probability of default from which refusing is cheaper, when probabilities are calibrated (Elkan 2001).

    Accepting costs p · ratio, refusing 1 - p; they are equal at 1 / (1 + ratio).
    """
    if not ratio > 0:
        raise TrainingDataError(f"The cost ratio says how many refused good clients one default weighs; came {ratio}.")
    return 1.0 / (1.0 + ratio)


def best_threshold(ratio: float) -> Metric:
    """Give the metric that finds the cheapest threshold on the rows themselves, halfway between two clients.

    0 refuses all, 1 accepts all. On the rows it is then judged by it is optimistic, and it should be called so.
    """

    def metric(outcomes: Outcomes, weights: Floats) -> Floats:
        repaid, defaulted = outcomes.repaid_and_defaulted(weights)
        accepted_defaults = np.cumsum(defaulted, axis=1)
        refused_good = repaid.sum(axis=1, keepdims=True) - np.cumsum(repaid, axis=1)
        refuse_all = repaid.sum(axis=1, keepdims=True)
        costs = np.hstack((refuse_all, ratio * accepted_defaults + refused_good))
        return np.asarray(_between(outcomes.probability[outcomes.starts])[np.argmin(costs, axis=1)])

    return metric


def cost_per_application(threshold: float, ratio: float) -> Metric:
    """Give the metric for the mean cost of an application, in refused good clients."""

    def metric(outcomes: Outcomes, weights: Floats) -> Floats:
        is_refused = outcomes.probability >= threshold
        costs = np.where(is_refused, 1 - outcomes.default, ratio * outcomes.default)
        return np.asarray(weights @ costs / weights.sum(axis=1))

    return metric


def approval_rate(threshold: float) -> Metric:
    """Give the metric for the share of clients below the threshold."""

    def metric(outcomes: Outcomes, weights: Floats) -> Floats:
        is_accepted = (outcomes.probability < threshold).astype(np.float64)
        return np.asarray(weights @ is_accepted / weights.sum(axis=1))

    return metric


def _between(levels: Floats) -> Floats:
    """Give the cuts around g distinct probabilities: 0, the middle of each two neighbours, 1; g + 1 in all."""
    return np.concatenate(([0.0], (levels[:-1] + levels[1:]) / 2, [1.0]))
