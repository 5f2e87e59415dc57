"""Find a feature that tells the outcome, before any training: what ranks defaults that well alone was written after."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelling.errors import LeakError, gettext_noop
from modelling.training.dataset import TrainingSet

# The best external score ranks real clients with 0.65 alone, all features together with less than 0.80.
MOST_AUC = 0.85
MOST_CLASSES, LEAST_OUTCOMES_A_CLASS = 20, 5
CUT_ROWS = 20_000  # enough to place 19 cuts


def check_leaks(rows: TrainingSet, *, most_auc: float = MOST_AUC) -> None:
    """Raise LeakError naming every feature that alone ranks defaults with more than `most_auc`."""
    found = {name: feature_auc(rows, place) for place, name in enumerate(rows.encoding.features)}
    leaks = {name: auc for name, auc in found.items() if auc - _error(auc, rows.target) > most_auc}
    if leaks:
        told = ", ".join(f"{name} (AUC {auc:.3f})" for name, auc in sorted(leaks.items(), key=lambda leak: -leak[1]))
        raise LeakError(
            gettext_noop(
                "Each of these features alone tells who defaulted, beyond an AUC of {most_auc}: {told}. What is known "
                "before a loan never does: find where the outcome came in, and take a new snapshot."
            ),
            most_auc=most_auc,
            told=told,
        )


def feature_auc(rows: TrainingSet, place: int) -> float:
    """Give how well one feature alone ranks defaults, 0.5 to 1."""
    is_category = rows.encoding.features[place] in rows.encoding.levels
    return class_rate_auc(rows.values[:, place], rows.target, is_category=is_category)


def class_rate_auc(column: NDArray[np.float32], target: NDArray[np.int8], *, is_category: bool) -> float:
    """Give the AUC of the share with target 1 by class of a column, 0.5 to 1.

    Classes are ranges of equal numbers of clients, or the most frequent levels; a missing value is a class of its own.
    So what a column tells is found whichever way it points, and also where it lies in the gaps.
    """
    rarest = min(int(target.sum()), len(target) - int(target.sum()))
    most = int(np.clip(rarest // LEAST_OUTCOMES_A_CLASS, 2, MOST_CLASSES))
    return auc_of_rates(classes_of(column, most, is_category=is_category), target)


def classes_of(column: NDArray[np.float32], most: int, *, is_category: bool) -> NDArray[np.intp]:
    """Put each client into one of at most so many classes of a column, or into the one of missing values."""
    classes = np.minimum(np.nan_to_num(column, nan=most), most) if is_category else _ranges(column, most)
    return np.where(np.isnan(column), most + 1, classes).astype(np.intp)


def _ranges(column: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    known = column[~np.isnan(column)]
    if not len(known):
        return np.zeros(len(column), dtype=np.intp)
    spread = np.sort(known[:: max(1, len(known) // CUT_ROWS)])
    cuts = np.unique(spread[np.arange(1, most) * len(spread) // most])
    firsts, lasts = np.searchsorted(spread, cuts, side="left"), np.searchsorted(spread, cuts, side="right")
    # A value that many share is a class of its own, with room on either side for a few that differ.
    shared = cuts[(lasts - firsts) * 2 * most > len(spread)]
    return np.searchsorted(cuts, column, side="left") + np.searchsorted(shared, column, side="right")


def auc_of_rates(classes: NDArray[np.intp], target: NDArray[np.int8]) -> float:
    """Give the AUC of ranking clients by the share with target 1 in their class, 0.5 to 1."""
    clients, defaults = np.bincount(classes), np.bincount(classes, target)
    order = np.argsort(defaults / np.maximum(clients, 1), kind="stable")
    bad, good = defaults[order], (clients - defaults)[order]
    below = np.cumsum(good) - good
    return float((bad * (below + good / 2)).sum() / (bad.sum() * good.sum()))


def _error(auc: float, target: NDArray[np.int8]) -> float:
    """Give two standard errors of an AUC (Hanley & McNeil 1982): among few clients, much is chance."""
    bad = float(target.sum())
    good = len(target) - bad
    both_bad, both_good = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (bad - 1) * (both_bad - auc**2) + (good - 1) * (both_good - auc**2)
    return 2 * math.sqrt(max(spread, 0.0) / (bad * good))
