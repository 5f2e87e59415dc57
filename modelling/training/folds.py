"""Who is held out when: folds by client, each with the same share of defaults."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelling.errors import TrainingDataError, gettext_noop


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
        raise TrainingDataError(
            gettext_noop("Training holds out one fold at a time, so it needs at least 2; came {folds}."), folds=folds
        )
    if len(target) < folds:
        raise TrainingDataError(
            gettext_noop("There are fewer labelled clients ({clients}) than folds ({folds}); add clients."),
            clients=len(target),
            folds=folds,
        )
    rarest, defaults = int(min(target.sum(), len(target) - target.sum())), int(target.sum())
    if rarest == 0:
        raise TrainingDataError(
            gettext_noop(
                "Training needs clients who repaid and clients who defaulted; all {clients} have target {target}."
            ),
            clients=len(target),
            target=int(target[0]),
        )
    if rarest < folds:
        raise TrainingDataError(
            gettext_noop(
                "{defaults} defaults and {repayments} repayments do not fill {folds} folds: the target would be "
                "constant in one. Add clients or take fewer folds."
            ),
            defaults=defaults,
            repayments=len(target) - defaults,
            folds=folds,
        )
