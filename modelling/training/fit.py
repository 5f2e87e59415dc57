"""Train the booster and its calibration, with every quality figure taken on clients the trees had not seen.

How many trees: each fold's booster leaves a curve of log loss on its held-out clients. A fold is predicted with the
number of trees that was best on the mean curve of the *other* folds, so its own labels choose nothing and no rows are
set aside for stopping. The final booster, on all rows, takes the number that is best on the mean of all curves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix
from modelling.recalibration import Recalibration
from modelling.scoring import threads
from modelling.training.calibration import cross_fitted, fit_platt
from modelling.training.folds import assign_folds
from modelling.training.metrics import Floats
from modelling.training.parameters import MOST_ROUNDS, PATIENCE

Progress = Callable[[str], None]


def silent(_step: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class TrainedModel:
    """What training found.

    trees: the final booster as LightGBM text. log_odds: n, out of fold, calibrated by a line fitted on the other folds.
    folds: n, each client's fold. rounds: trees of the final booster; fold_rounds: trees each fold was predicted with.
    """

    trees: str
    calibration: Recalibration
    log_odds: Floats
    folds: NDArray[np.int8]
    rounds: int
    fold_rounds: tuple[int, ...]
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class FoldFit:
    """One fold's booster and the curve of its log loss on the clients it did not see, a value a tree."""

    booster: lgb.Booster
    curve: Floats


def train(
    features: Matrix,
    target: NDArray[np.int8],
    *,
    encoding: Encoding,
    parameters: Mapping[str, Any],
    folds: int = 5,
    progress: Progress = silent,
) -> TrainedModel:
    """Train on encoded features, n × k, and targets, n, one row a client.

    parameters: as `parameters_for` gives them; their seed deals the folds too.
    progress is called with a word after each fold and after the final booster.
    Raises TrainingDataError when the target cannot fill the folds.
    """
    settings = {**parameters, "num_threads": threads(features.size)}
    assigned = assign_folds(target, folds=folds, seed=parameters["seed"])
    whole = _dataset(features, target, encoding, settings)
    fits = []
    for fold in range(folds):
        fits.append(_fit_fold(whole, assigned == fold, settings))
        progress(f"fold {fold + 1} of {folds}")
    rounds = _rounds_of_others([fit.curve for fit in fits])
    raw = _out_of_fold(features, assigned, fits, rounds)
    best = best_rounds([fit.curve for fit in fits])
    final = lgb.train(settings, whole, num_boost_round=best)
    progress("final booster")
    return TrainedModel(
        trees=_portable(final.model_to_string()),
        calibration=fit_platt(raw, target),
        log_odds=cross_fitted(raw, target, assigned),
        folds=assigned,
        rounds=best,
        fold_rounds=tuple(rounds),
        parameters=parameters,
    )


def best_rounds(curves: list[Floats]) -> int:
    """Give how many trees are best on the mean of the curves, over the length they all reach."""
    shortest = min(len(curve) for curve in curves)
    return int(np.argmin(np.mean([curve[:shortest] for curve in curves], axis=0))) + 1


def _rounds_of_others(curves: list[Floats]) -> list[int]:
    shortest = min(len(curve) for curve in curves)
    cut = [curve[:shortest] for curve in curves]
    return [best_rounds(cut[:fold] + cut[fold + 1 :]) for fold in range(len(cut))]


def _dataset(
    features: Matrix, target: NDArray[np.int8], encoding: Encoding, settings: Mapping[str, Any]
) -> lgb.Dataset:
    return lgb.Dataset(
        features,
        label=target,
        categorical_feature=encoding.category_indices,
        params={**settings, "feature_pre_filter": False},
        free_raw_data=True,
    ).construct()


def _fit_fold(whole: lgb.Dataset, held_out: NDArray[np.bool_], settings: Mapping[str, Any]) -> FoldFit:
    seen, unseen = (whole.subset(np.flatnonzero(rows).tolist()) for rows in (~held_out, held_out))
    record: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        dict(settings),
        seen,
        num_boost_round=MOST_ROUNDS,
        valid_sets=[unseen],
        valid_names=["held_out"],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False), lgb.record_evaluation(record)],
    )
    return FoldFit(booster=booster, curve=np.asarray(record["held_out"]["binary_logloss"]))


def _out_of_fold(features: Matrix, folds: NDArray[np.int8], fits: list[FoldFit], rounds: list[int]) -> Floats:
    raw = np.empty(len(features))
    for fold, (fit, trees) in enumerate(zip(fits, rounds, strict=True)):
        inside = folds == fold
        raw[inside] = fit.booster.predict(features[inside], raw_score=True, num_iteration=trees)
    return raw


def _portable(trees: str) -> str:
    """Take the number of threads out of LightGBM's text: the trees do not depend on it, nor should the bytes."""
    return re.sub(r"\[num_threads: \d+\]", "[num_threads: 0]", trees)
