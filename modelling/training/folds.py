"""Who is held out when: folds by client, each with the same share of defaults."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelling.errors import TrainingDataError


def assign_folds(target: NDArray[np.int8], *, folds: int, seed: int) -> NDArray[np.int8]:
    """Give each client its fold, 0 to folds - 1, dealt at random among defaults and among repayments.

    target: one row a client, 0 or 1. Raises TrainingDataError when a fold would lack one of the two.
    """
    check_target(target, folds=folds)
    generator = np.random.default_rng(seed)
    assigned = np.empty(len(target), dtype=np.int8)
    for outcome in (0, 1):
        rows = generator.permutation(np.flatnonzero(target == outcome))
        assigned[rows] = np.arange(len(rows)) % folds
    return assigned


def check_target(target: NDArray[np.int8], *, folds: int) -> None:
    """Raise TrainingDataError unless every fold can hold a default and a repayment."""
    if folds < 2:
        raise TrainingDataError(f"Training holds out one fold at a time, so it needs at least 2; came {folds}.")
    if len(target) < folds:
        raise TrainingDataError(f"There are fewer labelled clients ({len(target)}) than folds ({folds}); add clients.")
    rarest, defaults = int(min(target.sum(), len(target) - target.sum())), int(target.sum())
    if rarest == 0:
        raise TrainingDataError(
            f"Training needs clients who repaid and clients who defaulted; all {len(target)} have target {target[0]}."
        )
    if rarest < folds:
        raise TrainingDataError(
            f"{defaults} defaults and {len(target) - defaults} repayments do not fill {folds} folds: the target would "
            "be constant in one. Add clients or take fewer folds."
        )
