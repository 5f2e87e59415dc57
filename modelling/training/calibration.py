"""Fit the last step from raw log-odds to calibrated ones, always on predictions made out of fold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelling.recalibration import Recalibration
from modelling.training.metrics import Floats, logistic_line

LEAST_SLOPE = 0.05


def fit_platt(raw: Floats, target: NDArray[np.integer]) -> Recalibration:
    """Fit Platt's line (Platt 1999): logistic regression of default on raw log-odds, with his smoothed targets.

    The smoothing, (n₊ + 1) / (n₊ + 2) for a default and 1 / (n₋ + 2) for a repayment, keeps the line finite when the
    two separate. A slope under LEAST_SLOPE, from features that tell nothing, is raised to it: clients keep their order.
    """
    defaults = int(np.sum(target))
    high, low = (defaults + 1) / (defaults + 2), 1 / (len(target) - defaults + 2)
    share = np.where(np.asarray(target) == 1, high, low)
    intercept, slope = logistic_line(raw, share)
    if slope >= LEAST_SLOPE:
        return Recalibration(slope=slope, intercept=intercept)
    level, _ = logistic_line(np.zeros_like(raw), share)
    return Recalibration(slope=LEAST_SLOPE, intercept=level - LEAST_SLOPE * float(raw.mean()))


def cross_fitted(raw: Floats, target: NDArray[np.integer], folds: NDArray[np.integer]) -> Floats:
    """Give calibrated log-odds of each client, by a line fitted on the other folds only, so that quality is honest."""
    calibrated = np.empty_like(raw)
    for fold in np.unique(folds):
        inside = folds == fold
        calibrated[inside] = fit_platt(raw[~inside], target[~inside]).log_odds(raw[inside])
    return calibrated
