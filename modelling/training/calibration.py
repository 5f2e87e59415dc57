"""Fit the last step from raw log-odds to calibrated ones, always on predictions made out of fold.

Two kinds compete, a line and a curve, each judged on clients whose fold had no part in fitting it; the one with the
lower log loss is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from scipy.stats import beta

from modelling.recalibration import IsotonicCurve, PlattLine, Recalibration, probability_of
from modelling.training.metrics import Floats, Outcomes, log_loss, logistic_line

LEAST_SLOPE = 0.05
MOST_STEPS, LEAST_CLIENTS_A_STEP = 100, 200
LEAST_RISE = 1e-9  # a step lower than this is rounding
DECILES = 10

Fit = Callable[[Floats, NDArray[np.integer]], Recalibration]


@dataclass(frozen=True)
class Calibrated:
    """The calibration that was kept, fitted on all clients, and what each kind gave out of fold.

    by_kind: calibrated log-odds, n, of each client by a calibration fitted on the other folds.
    """

    kind: str
    kept: Recalibration
    by_kind: Mapping[str, Floats]

    @property
    def log_odds(self) -> Floats:
        """Give the kept kind's log-odds out of fold, n."""
        return self.by_kind[self.kind]


@dataclass(frozen=True)
class Grade:
    """Clients whose probability lies from `low` up to, but not at, `high`: predicted beside observed.

    observed_low, observed_high: Jeffreys' 95 % interval of the observed rate.
    """

    low: float
    high: float
    clients: int
    defaults: int
    predicted: float
    observed: float
    observed_low: float
    observed_high: float


def calibrate(raw: Floats, target: NDArray[np.integer], folds: NDArray[np.integer]) -> Calibrated:
    """Fit a line and a curve, and keep the one whose out-of-fold log loss is lower; the line when they are equal."""
    by_kind = {kind: cross_fitted(raw, target, folds, fit=fit) for kind, fit in KINDS.items()}
    losses = {kind: _loss(found, target) for kind, found in by_kind.items()}
    best = min(losses, key=lambda kind: losses[kind])
    return Calibrated(kind=best, kept=KINDS[best](raw, target), by_kind=by_kind)


def fit_platt(raw: Floats, target: NDArray[np.integer]) -> PlattLine:
    """Fit Platt's line (Platt 1999): logistic regression of default on raw log-odds, with his smoothed targets.

    A slope under LEAST_SLOPE, from features that tell nothing, is raised to it: clients keep their order.
    """
    share = _smoothed(target)
    intercept, slope = logistic_line(raw, share)
    if slope >= LEAST_SLOPE:
        return PlattLine(slope=slope, intercept=intercept)
    level, _ = logistic_line(np.zeros_like(raw), share)
    return PlattLine(slope=LEAST_SLOPE, intercept=level - LEAST_SLOPE * float(raw.mean()))


def fit_isotonic(raw: Floats, target: NDArray[np.integer]) -> IsotonicCurve:
    """Fit the rising steps nearest to the observed rates (Zadrozny & Elkan 2002), and join their middles.

    Steps are sought between groups of at least LEAST_CLIENTS_A_STEP neighbours, lest a few lucky clients at an end make
    a probability of nearly 0. Beyond the last middles the curve goes on as Platt's line does.
    """
    # Half a second of scikit-learn, which scoring need not wait for.
    from sklearn.isotonic import isotonic_regression  # noqa: PLC0415

    middles, rates, clients = _groups(raw, _smoothed(target))
    fitted = isotonic_regression(rates, sample_weight=clients)
    step = np.cumsum(np.append(0, np.diff(fitted) > LEAST_RISE))
    weight = np.bincount(step, clients)
    return IsotonicCurve(
        raw=tuple((np.bincount(step, clients * middles) / weight).tolist()),
        calibrated=tuple(logit(np.bincount(step, clients * rates) / weight).tolist()),
        outside=fit_platt(raw, target).slope,
    )


KINDS: Mapping[str, Fit] = {"platt": fit_platt, "isotonic": fit_isotonic}


def cross_fitted(
    raw: Floats, target: NDArray[np.integer], folds: NDArray[np.integer], *, fit: Fit = fit_platt
) -> Floats:
    """Give each client's log-odds by a calibration fitted on the other folds only, so that quality is honest."""
    calibrated = np.empty_like(raw)
    for fold in np.unique(folds):
        inside = folds == fold
        calibrated[inside] = fit(raw[~inside], target[~inside]).log_odds(raw[inside])
    return calibrated


def grades(outcomes: Outcomes, cuts: tuple[float, ...] = ()) -> list[Grade]:
    """Give predicted and observed rates by risk grade, the safest first; a grade without a client is left out.

    cuts: probabilities where a new grade begins, rising; without any, grades are tenths of the clients.
    """
    bounds = np.asarray(cuts) if cuts else np.quantile(outcomes.probability, np.arange(1, DECILES) / DECILES)
    place = np.searchsorted(bounds, outcomes.probability, side="right")
    edges = np.concatenate(([0.0], bounds, [1.0]))
    return [_grade(outcomes, place == each, *edges[each : each + 2].tolist()) for each in np.unique(place).tolist()]


def jeffreys(defaults: int, clients: int) -> tuple[float, float]:
    """Give Jeffreys' 95 % interval of a rate, to 0 or 1 when none or all defaulted (Brown, Cai, DasGupta 2001)."""
    repaid = clients - defaults
    low, high = beta.ppf((0.025, 0.975), defaults + 0.5, repaid + 0.5).tolist()
    return (low if defaults else 0.0), (high if repaid else 1.0)


def _grade(outcomes: Outcomes, inside: NDArray[np.bool_], low: float, high: float) -> Grade:
    clients, defaults = int(inside.sum()), int(outcomes.default[inside].sum())
    return Grade(
        low, high, clients, defaults, float(outcomes.probability[inside].mean()), defaults / clients,
        *jeffreys(defaults, clients),
    )  # fmt: skip


def _smoothed(target: NDArray[np.integer]) -> Floats:
    """Give Platt's targets, (n₊ + 1) / (n₊ + 2) for a default and 1 / (n₋ + 2) for a repayment.

    They keep a line finite when the two separate, and a step's rate inside (0, 1).
    """
    defaults = int(np.sum(target))
    high, low = (defaults + 1) / (defaults + 2), 1 / (len(target) - defaults + 2)
    return np.where(np.asarray(target) == 1, high, low)


def _groups(raw: Floats, share: Floats) -> tuple[Floats, Floats, Floats]:
    """Give mean raw log-odds, mean share and number of clients of groups of neighbours; equal neighbours share one."""
    ranked = np.sort(raw)
    count = int(np.clip(len(raw) // LEAST_CLIENTS_A_STEP, 2, MOST_STEPS))
    starts = np.unique(ranked[np.arange(count) * len(raw) // count])
    place = np.searchsorted(starts, raw, side="right") - 1
    clients = np.bincount(place).astype(np.float64)
    return np.bincount(place, raw) / clients, np.bincount(place, share) / clients, clients


def _loss(log_odds: Floats, target: NDArray[np.integer]) -> float:
    outcomes = Outcomes.of(probability_of(log_odds), target)
    return float(log_loss(outcomes, outcomes.unit_weights)[0])
