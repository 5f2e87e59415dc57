"""What a threshold costs: a default that was accepted costs `ratio`, a good client refused costs 1.

In money it is the same sum with each client weighed by the credit asked for: a default loses a share of it, a refused
good client the margin. A client is refused from the threshold up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelling.errors import TrainingDataError, gettext_noop
from modelling.training.metrics import Floats, Metric, Outcomes

RATIOS = (10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True)
class Terms:
    """What a policy says of costs.

    cost_ratio: what a default costs, in refused good clients. threshold: the policy's own, else 1 / (1 + cost_ratio).
    loss_given_default, margin: shares of the credit; 45 % is lost on an unsecured loan (CRR art. 161(1)(a)), and the
    margin is such that money and the standard 10:1 agree.
    """

    cost_ratio: float = 10.0
    loss_given_default: float = 0.45
    margin: float = 0.045
    threshold: float | None = None

    def __post_init__(self) -> None:
        if not (0 < self.loss_given_default <= 1 and 0 < self.margin <= 1):
            raise TrainingDataError(
                gettext_noop(
                    "Loss given default and margin are shares of the credit, above 0 and at most 1; came {loss} and "
                    "{margin}."
                ),
                loss=self.loss_given_default,
                margin=self.margin,
            )
        if self.threshold is not None and not 0 < self.threshold < 1:
            raise TrainingDataError(
                gettext_noop("A threshold is a probability between 0 and 1; came {threshold}."),
                threshold=self.threshold,
            )
        optimal_threshold(self.cost_ratio)

    @property
    def money_ratio(self) -> float:
        """Give what a euro lost to a default weighs against a euro refused to a good client."""
        return self.loss_given_default / self.margin


def optimal_threshold(ratio: float) -> float:
    """Give the probability of default from which refusing is cheaper, when probabilities are calibrated (Elkan 2001).

    Accepting costs p · ratio, refusing 1 - p; they are equal at 1 / (1 + ratio).
    """
    if not ratio > 0:
        raise TrainingDataError(
            gettext_noop("The cost ratio says how many refused good clients one default weighs; came {ratio}."),
            ratio=ratio,
        )
    return 1.0 / (1.0 + ratio)


def best_threshold(ratio: float) -> Metric:
    """Give the metric that finds the cheapest threshold on the rows themselves, halfway between two clients.

    0 refuses all, 1 accepts all. On the rows it is then judged by it is optimistic, and it should be called so.
    """

    def metric(outcomes: Outcomes, weights: Floats) -> Floats:
        repaid, defaulted = outcomes.repaid_and_defaulted(weights)
        # Against refusing all: each client more that is accepted loses his default or saves his refusal.
        dearer = np.cumsum(ratio * defaulted - repaid, axis=1)
        costs = np.hstack((np.zeros((len(dearer), 1)), dearer))
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


def default_rate(threshold: float) -> Metric:
    """Give the metric for the share of defaults among the clients below the threshold; NaN when none is."""

    def metric(outcomes: Outcomes, weights: Floats) -> Floats:
        accepted = weights * (outcomes.probability < threshold)
        with np.errstate(invalid="ignore"):
            return np.asarray(accepted @ outcomes.default / accepted.sum(axis=1))

    return metric


def by_credit(metric: Metric, credit: Floats) -> Metric:
    """Give the metric with each client weighed by his credit; credit: n, by rising probability."""
    return lambda outcomes, weights: metric(outcomes, weights * credit)


def times(metric: Metric, factor: float) -> Metric:
    """Give the metric multiplied by a number."""
    return lambda outcomes, weights: factor * metric(outcomes, weights)


def _between(levels: Floats) -> Floats:
    """Give the cuts around g distinct probabilities: 0, the middle of each two neighbours, 1; g + 1 in all."""
    return np.concatenate(([0.0], (levels[:-1] + levels[1:]) / 2, [1.0]))
