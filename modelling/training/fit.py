"""Train the booster and its calibration, with every quality figure taken on clients the trees had not seen.

Which features: those that a short booster on the same clients finds most useful; a fold's are chosen without the
clients it is measured on. A booster that reads few features can be explained, and ranks as well as one that reads all.

How many trees: each fold's booster leaves a curve of log loss on its held-out clients. A fold is predicted with the
number of trees that was best on the mean curve of the *other* folds, so its own labels choose nothing and no rows are
set aside for stopping. The final booster, on all rows, takes the number that is best on the mean of all curves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix
from modelling.features.feature import Lesson
from modelling.learnt.cases import NOBODY, Cases
from modelling.learnt.lessons import Lessons
from modelling.learnt.trees import portable, threads
from modelling.training.calibration import Calibrated, calibrate
from modelling.training.folds import assign_folds
from modelling.training.metrics import Floats
from modelling.training.parameters import MOST_FEATURES, MOST_ROUNDS, PATIENCE, SCOUTING_ROUNDS
from modelling.training.teaching import Teaching

ALL = slice(None)
Columns = list[int]
Progress = Callable[[str], None]


def silent(_step: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class TrainedModel:
    """What training found.

    trees: the final booster as LightGBM text. sample: what it was grown from, with the columns it reads alone.
    lessons: what the population taught, as far as the booster reads it. calibration: fitted on predictions made out of
    fold.
    folds: n, each client's fold. rounds: trees of the final booster; fold_rounds: trees each fold was predicted with.
    """

    trees: str
    sample: Sample
    lessons: Lessons
    calibration: Calibrated
    folds: NDArray[np.int8]
    rounds: int
    fold_rounds: tuple[int, ...]
    parameters: Mapping[str, Any]

    @property
    def log_odds(self) -> Floats:
        """Give log-odds out of fold, n, calibrated by what was fitted on the other folds."""
        return self.calibration.log_odds


@dataclass(frozen=True)
class Sample:
    """Encoded features, n × k, and targets, n, of some clients. cases: what lessons look at, of these clients."""

    values: Matrix
    target: NDArray[np.int8]
    encoding: Encoding
    cases: Cases = NOBODY

    def beside(self, told: pl.DataFrame) -> Sample:
        """Give it with what the population taught beside it, a row a client, all of it numbers."""
        if not told.columns:
            return self
        encoding = Encoding((*self.encoding.features, *told.columns), self.encoding.levels)
        more = Encoding(tuple(told.columns), {}).encode(told)
        return Sample(np.hstack((self.values, more)), self.target, encoding)

    def of(self, rows: NDArray[np.bool_] | slice, columns: Columns) -> Sample:
        """Keep these clients and columns."""
        return Sample(self.values[rows][:, columns], self.target[rows], self.encoding.of_columns(columns))

    def dataset(self, settings: Mapping[str, Any], **more: Any) -> lgb.Dataset:
        """Give it as LightGBM reads it."""
        categories = self.encoding.category_indices
        return lgb.Dataset(
            self.values, label=self.target, categorical_feature=categories, params=dict(settings), **more
        )


@dataclass(frozen=True)
class FoldFit:
    """One fold's booster, what it reads of the clients it did not see, and its log loss on those, a value a tree."""

    booster: lgb.Booster
    unseen: Matrix
    curve: Floats


def train(
    sample: Sample,
    *,
    parameters: Mapping[str, Any],
    folds: int = 5,
    most_features: int = MOST_FEATURES,
    lessons: Collection[Lesson] = (),
    progress: Progress = silent,
) -> TrainedModel:
    """Train on a sample, one row a client.

    parameters: as `parameters_for` gives them; their seed deals the folds too. most_features: that a booster reads.
    lessons: that the population teaches; they need the sample's cases.
    progress is called with a word after each fold and after the final booster.
    Raises TrainingDataError when the target cannot fill the folds.
    """
    settings = {**parameters, "num_threads": threads(sample.values.size)}
    assigned = assign_folds(sample.target, folds=folds, seed=parameters["seed"])
    teaching = Teaching(sample.cases, sample.target, assigned, tuple(lessons), parameters["seed"])
    fits = []
    for fold in range(folds):
        fits.append(_fit_fold(sample.beside(teaching.told(fold)), assigned == fold, settings, most_features))
        progress(f"fold {fold + 1} of {folds}")
    best = best_rounds([fit.curve for fit in fits])
    whole = sample.beside(teaching.told(None))
    chosen = whole.of(ALL, most_useful(whole, settings, most_features))
    final = lgb.train(settings, chosen.dataset(settings), num_boost_round=best)
    progress("final booster")
    rounds = _rounds_of_others([fit.curve for fit in fits])
    return TrainedModel(
        trees=portable(final.model_to_string()),
        sample=chosen,
        lessons=teaching.learnt_from_all().needed_by(chosen.encoding.features),
        calibration=calibrate(_out_of_fold(assigned, fits, rounds), sample.target, assigned),
        folds=assigned,
        rounds=best,
        fold_rounds=tuple(rounds),
        parameters=parameters,
    )


def most_useful(sample: Sample, settings: Mapping[str, Any], most: int) -> Columns:
    """Give the columns a short booster gains most from, at most `most`, in matrix order; ties go to the first."""
    if len(sample.encoding.features) <= most:
        return list(range(len(sample.encoding.features)))
    booster = lgb.train(dict(settings), sample.dataset(settings), num_boost_round=SCOUTING_ROUNDS)
    gains = booster.feature_importance("gain")
    return sorted(np.argsort(-gains, kind="stable")[:most].tolist())


def best_rounds(curves: list[Floats]) -> int:
    """Give how many trees are best on the mean of the curves, over the length they all reach."""
    shortest = min(len(curve) for curve in curves)
    return int(np.argmin(np.mean([curve[:shortest] for curve in curves], axis=0))) + 1


def _rounds_of_others(curves: list[Floats]) -> list[int]:
    shortest = min(len(curve) for curve in curves)
    cut = [curve[:shortest] for curve in curves]
    return [best_rounds(cut[:fold] + cut[fold + 1 :]) for fold in range(len(cut))]


def _fit_fold(sample: Sample, held_out: NDArray[np.bool_], settings: Mapping[str, Any], most: int) -> FoldFit:
    seen = sample.of(~held_out, list(range(len(sample.encoding.features))))
    columns = most_useful(seen, settings, most)
    known = seen.of(ALL, columns).dataset(settings)
    unseen = sample.of(held_out, columns)
    record: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        dict(settings),
        known,
        num_boost_round=MOST_ROUNDS,
        valid_sets=[unseen.dataset(settings, reference=known)],
        valid_names=["held_out"],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False), lgb.record_evaluation(record)],
    )
    return FoldFit(booster=booster, unseen=unseen.values, curve=np.asarray(record["held_out"]["binary_logloss"]))


def _out_of_fold(folds: NDArray[np.int8], fits: list[FoldFit], rounds: list[int]) -> Floats:
    raw = np.empty(len(folds))
    for fold, (fit, trees) in enumerate(zip(fits, rounds, strict=True)):
        raw[folds == fold] = fit.booster.predict(fit.unseen, raw_score=True, num_iteration=trees)
    return raw
