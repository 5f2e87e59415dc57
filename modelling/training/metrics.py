"""How good predicted probabilities were, in the field's own figures, each for many weightings of the clients at once.

Every metric takes `Outcomes` of n clients and `weights`, b × n, and gives b values: one row of ones is the plain
figure, rows of counts are bootstrap resamples. A weighting without both a default and a repayment gives NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from modelling.errors import TrainingDataError
from modelling.recalibration import probability_of

Floats = NDArray[np.float64]
LEAST_PROBABILITY = 1e-12  # log loss and log-odds of an exact 0 or 1 would be infinite
CALIBRATION_BINS = 10


@dataclass(frozen=True)
class Outcomes:
    """Predicted probabilities of n clients and what happened, by rising probability.

    probability: n, in [0, 1]. default: n, 1.0 or 0.0. starts: where each distinct probability begins.
    """

    probability: Floats
    default: Floats
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, probability: Floats, target: NDArray[np.integer]) -> Outcomes:
        """Sort clients by probability. Raises TrainingDataError when all repaid or all defaulted."""
        defaults = int(np.sum(target))
        if not 0 < defaults < len(target):
            raise TrainingDataError(
                f"Quality is measured on clients who repaid and clients who defaulted; came {len(target)} clients, "
                f"{defaults} of them in default."
            )
        order = np.argsort(probability, kind="stable")
        ranked = np.asarray(probability, dtype=np.float64)[order]
        starts = np.flatnonzero(np.append(True, np.diff(ranked) > 0))
        return cls(probability=ranked, default=np.asarray(target, dtype=np.float64)[order], starts=starts)

    def __len__(self) -> int:
        return len(self.probability)

    @property
    def unit_weights(self) -> Floats:
        """Give the weighting in which each client counts once, 1 × n."""
        return np.ones((1, len(self)))

    def repaid_and_defaulted(self, weights: Floats) -> tuple[Floats, Floats]:
        """Give the weight of repayments and of defaults at each distinct probability, each b × g."""
        defaulted = np.add.reduceat(weights * self.default, self.starts, axis=1)
        return np.add.reduceat(weights, self.starts, axis=1) - defaulted, defaulted


Metric = Callable[[Outcomes, Floats], Floats]


def auc(outcomes: Outcomes, weights: Floats) -> Floats:
    """Give the chance that a client who defaulted was ranked above one who repaid, ties counting half."""
    repaid, defaulted = outcomes.repaid_and_defaulted(weights)
    below = np.cumsum(repaid, axis=1) - repaid
    pairs = repaid.sum(axis=1) * defaulted.sum(axis=1)
    return _divide((defaulted * (below + repaid / 2)).sum(axis=1), pairs)


def pr_auc(outcomes: Outcomes, weights: Floats) -> Floats:
    """Give average precision: precision averaged over the steps in recall, from the riskiest client down."""
    repaid, defaulted = (part[:, ::-1] for part in outcomes.repaid_and_defaulted(weights))
    caught = np.cumsum(defaulted, axis=1)
    flagged = caught + np.cumsum(repaid, axis=1)
    precision = np.divide(caught, flagged, out=np.zeros_like(caught), where=flagged > 0)
    return _divide((precision * defaulted).sum(axis=1), caught[:, -1])


def ks(outcomes: Outcomes, weights: Floats) -> Floats:
    """Give Kolmogorov-Smirnov: the widest gap between the distributions of those who repaid and who defaulted."""
    repaid, defaulted = (np.cumsum(part, axis=1) for part in outcomes.repaid_and_defaulted(weights))
    gap = _divide(repaid, repaid[:, -1:]) - _divide(defaulted, defaulted[:, -1:])
    return np.asarray(np.abs(gap).max(axis=1))


def brier(outcomes: Outcomes, weights: Floats) -> Floats:
    """Give the mean squared gap between probability and outcome (Brier 1950)."""
    return _mean((outcomes.probability - outcomes.default) ** 2, weights)


def log_loss(outcomes: Outcomes, weights: Floats) -> Floats:
    """Give the mean negative log-likelihood, in nats."""
    likelihood = np.where(outcomes.default == 1, outcomes.probability, 1 - outcomes.probability)
    return _mean(-np.log(np.maximum(likelihood, LEAST_PROBABILITY)), weights)


def expected_calibration_error(outcomes: Outcomes, weights: Floats) -> Floats:
    """Give the mean gap between predicted and observed rate over CALIBRATION_BINS bins of equal numbers of clients.

    A resample's own noise adds to it, so its interval may lie above the plain figure.
    """
    edges = np.linspace(0, len(outcomes), min(CALIBRATION_BINS, len(outcomes)), endpoint=False).astype(np.intp)
    gaps = np.add.reduceat(weights * (outcomes.probability - outcomes.default), edges, axis=1)
    return np.asarray(np.abs(gaps).sum(axis=1) / weights.sum(axis=1))


def calibration_slope(outcomes: Outcomes, weights: Floats) -> Floats:
    """Give the slope of default on predicted log-odds (Cox 1958): 1 is right, below 1 predictions are too extreme.

    For a resample it is one Newton step from the plain estimate; the full fit differs by less than its own noise.
    """
    scores = _log_odds(outcomes.probability)
    intercept, slope = logistic_line(scores, outcomes.default)
    predicted = probability_of(slope * scores + intercept)
    residual, spread = outcomes.default - predicted, predicted * (1 - predicted)
    sums = weights @ np.column_stack((residual, residual * scores, spread, spread * scores, spread * scores**2))
    level, tilt, flat, cross, curved = sums.T
    return slope + _divide(flat * tilt - cross * level, flat * curved - cross**2)


def calibration_intercept(outcomes: Outcomes, weights: Floats) -> Floats:
    """Give calibration in the large: what must be added to all log-odds to predict the observed rate; 0 is right.

    One Newton step for a resample, as for the slope.
    """
    scores = _log_odds(outcomes.probability)
    shift = 0.0
    for _ in range(20):
        predicted = probability_of(scores + shift)
        shift += float(np.sum(outcomes.default - predicted) / np.sum(predicted * (1 - predicted)))
    predicted = probability_of(scores + shift)
    return shift + _divide(weights @ (outcomes.default - predicted), weights @ (predicted * (1 - predicted)))


METRICS: Mapping[str, Metric] = {
    "auc": auc,
    "pr_auc": pr_auc,
    "ks": ks,
    "brier": brier,
    "log_loss": log_loss,
    "calibration_slope": calibration_slope,
    "calibration_intercept": calibration_intercept,
    "ece": expected_calibration_error,
}


def logistic_line(scores: Floats, share: Floats, steps: int = 50) -> tuple[float, float]:
    """Fit log-odds = intercept + slope · score by maximum likelihood; share: n, in [0, 1], what to predict.

    Newton's method with halved steps; scores without spread get slope 0.
    """
    base = float(logit(np.clip(share.mean(), LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)))
    line = np.array([base, 0.0])
    if np.ptp(scores) == 0:
        return base, 0.0
    design = np.column_stack((np.ones_like(scores), scores))
    for _ in range(steps):
        predicted = probability_of(design @ line)
        curve = (design * (predicted * (1 - predicted))[:, None]).T @ design
        step = np.asarray(np.linalg.solve(curve + 1e-12 * np.eye(2), design.T @ (share - predicted)), dtype=np.float64)
        line = _towards(line, step, design, share)
        if np.abs(step).max() < 1e-10:
            break
    return float(line[0]), float(line[1])


def _towards(line: Floats, step: Floats, design: Floats, share: Floats) -> Floats:
    before = _likelihood(design @ line, share)
    for halving in range(30):
        after = np.asarray(line + step / 2**halving)
        if _likelihood(design @ after, share) >= before - 1e-12:
            return after
    return line


def _likelihood(log_odds: Floats, share: Floats) -> float:
    return float(np.sum(share * log_odds - np.logaddexp(0, log_odds)))


def _log_odds(probability: Floats) -> Floats:
    return np.asarray(logit(np.clip(probability, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)))


def _mean(values: Floats, weights: Floats) -> Floats:
    return np.asarray(weights @ values / weights.sum(axis=1))


def _divide(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below)
