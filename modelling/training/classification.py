"""What a threshold makes of predicted probabilities, in the figures of classification; a client is refused from it up.

Where a figure divides by nothing, as precision does when nobody is refused, it is 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from modelling.training.metrics import Floats, Metric, Outcomes


@dataclass(frozen=True)
class Confusion:
    """The weight of clients by what was said and what happened, each b."""

    refused_defaults: Floats
    refused_repaid: Floats
    accepted_defaults: Floats
    accepted_repaid: Floats

    @classmethod
    def at(cls, threshold: float, outcomes: Outcomes, weights: Floats) -> Confusion:
        """Weigh the clients on either side of a threshold."""
        refused, default = (outcomes.probability >= threshold).astype(np.float64), outcomes.default
        sides = (refused * default, refused * (1 - default), (1 - refused) * default, (1 - refused) * (1 - default))
        return cls(*(weights @ np.column_stack(sides)).T)


def at_threshold(threshold: float, ratio: float) -> Mapping[str, Metric]:
    """Give the metrics at a threshold, for a default that weighs as much as `ratio` wrong refusals.

    f_beta weighs an accepted default against a wrong refusal as the costs do: its β² is the ratio.
    """
    figures: Mapping[str, Callable[[Confusion], Floats]] = {
        "f1": lambda found: _f(found, 1.0),
        "f_beta": lambda found: _f(found, ratio),
        "precision": lambda found: _share(found.refused_defaults, found.refused_repaid),
        "recall": lambda found: _share(found.refused_defaults, found.accepted_defaults),
        "matthews": matthews,
    }
    return {name: _metric(threshold, figure) for name, figure in figures.items()}


def counts(outcomes: Outcomes, threshold: float) -> dict[str, int]:
    """Count defaults and repayments on either side of a threshold."""
    found = Confusion.at(threshold, outcomes, outcomes.unit_weights)
    return {name: int(weight[0]) for name, weight in vars(found).items()}


def beta_of(ratio: float) -> float:
    """Give the β of f_beta."""
    return math.sqrt(ratio)


def matthews(found: Confusion) -> Floats:
    """Give the correlation of refusal and default (Matthews 1975)."""
    refused, accepted = found.refused_defaults + found.refused_repaid, found.accepted_defaults + found.accepted_repaid
    defaults, repaid = found.refused_defaults + found.accepted_defaults, found.refused_repaid + found.accepted_repaid
    right = found.refused_defaults * found.accepted_repaid - found.refused_repaid * found.accepted_defaults
    return _divided(right, np.sqrt(refused * accepted * defaults * repaid))


def _metric(threshold: float, figure: Callable[[Confusion], Floats]) -> Metric:
    return lambda outcomes, weights: figure(Confusion.at(threshold, outcomes, weights))


def _f(found: Confusion, beta_squared: float) -> Floats:
    return _share(
        (1 + beta_squared) * found.refused_defaults, beta_squared * found.accepted_defaults + found.refused_repaid
    )


def _share(part: Floats, rest: Floats) -> Floats:
    return _divided(part, part + rest)


def _divided(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
