"""The curve behind the charts of thresholds, thinned so that no page ever needs the clients themselves."""

from __future__ import annotations

import numpy as np

from modelling.training.metrics import Floats, Outcomes

MOST_POINTS = 200

Curve = dict[str, list[float]]


def threshold_curve(outcomes: Outcomes, credit: Floats) -> Curve:
    """Give what happens at each of some rising thresholds, a list a quantity; clients from a threshold up are refused.

    approved: share of clients. caught: share of those who default that are refused (recall, ROC's height).
    false_alarms: share of those who repay that are refused (ROC's width). precision: share of the refused that default.
    lent, lent_to_defaults, refused_to_good: shares of all credit asked; 0 when no credit is known.
    From these follow the ROC, PR and KS curves, and the cost in numbers or in money under any policy.
    credit: n, by rising probability.
    """
    thresholds = _thresholds(outcomes)
    below = np.searchsorted(outcomes.probability, thresholds, side="left")
    defaults, all_credit = outcomes.default, max(float(credit.sum()), 1.0)
    accepted_bad, accepted_good = _sums(defaults)[below], _sums(1 - defaults)[below]
    bad, good, clients = defaults.sum(), (1 - defaults).sum(), len(outcomes)
    lent_bad, lent_good = _sums(credit * defaults)[below], _sums(credit * (1 - defaults))[below]
    columns = {
        "threshold": thresholds,
        "approved": below / clients,
        "caught": 1 - accepted_bad / bad,
        "false_alarms": 1 - accepted_good / good,
        # Where nobody is refused: 1, as is the custom.
        "precision": np.where(below < clients, (bad - accepted_bad) / np.maximum(clients - below, 1), 1.0),
        "lent": (lent_bad + lent_good) / all_credit,
        "lent_to_defaults": lent_bad / all_credit,
        "refused_to_good": ((credit * (1 - defaults)).sum() - lent_good) / all_credit,
    }
    return {name: _short(values) for name, values in columns.items()}


def _thresholds(outcomes: Outcomes) -> Floats:
    """Lay half the points evenly among clients and half among defaults, so that no curve has a coarse end."""
    shares = np.linspace(0, 1, MOST_POINTS // 2 - 1)
    defaulted = outcomes.probability[outcomes.default == 1]
    inside = np.concatenate((np.quantile(outcomes.probability, shares), np.quantile(defaulted, shares)))
    return np.unique(np.concatenate(([0.0], inside, [1.0])))


def _sums(values: Floats) -> Floats:
    """Give the sum of the first 0, 1, … n values."""
    return np.concatenate(([0.0], np.cumsum(values)))


def _short(values: Floats) -> list[float]:
    return [round(float(value), 6) for value in values]
