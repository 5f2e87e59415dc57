"""Train the booster and its calibration, with every quality figure taken on clients the trees had not seen.

Which features: those that a short booster on the same clients finds most useful; a fold's are chosen without the
clients it is measured on. A booster that reads few features can be explained, and ranks as well as one that reads all.

How many trees: each fold's booster leaves a curve of log loss on its held-out clients. A fold is predicted with the
number of trees that was best on the mean curve of the *other* folds, so its own labels choose nothing and no rows are
set aside for stopping. The final booster, on all rows, takes the number that is best on the mean of all curves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.encoding import Matrix
from modelling.features.feature import Lesson
from modelling.learnt.lessons import Lessons
from modelling.learnt.trees import portable, threads
from modelling.training.calibration import Calibrated, calibrate
from modelling.training.folds import assign_folds
from modelling.training.growing import Grower, Here, Watched
from modelling.training.metrics import Floats
from modelling.training.parameters import MOST_FEATURES
from modelling.training.sample import Flags, Sample
from modelling.training.selection import CHOOSERS, Selection, scouts
from modelling.training.teaching import Teaching

Progress = Callable[[str], None]


def silent(_step: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Manner:
    """How a booster is trained, besides its settings.

    lessons: that the population teaches; they need the sample's cases. most_features: that a booster reads, chosen by
    `selection`. grower: who grows the trees.
    """

    folds: int = 5
    lessons: tuple[Lesson, ...] = ()
    selection: Selection = Selection.GAIN
    most_features: int = MOST_FEATURES
    grower: Grower = field(default_factory=Here)


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
class Fold:
    """The clients a fold's booster learns from and those it is measured on, with the columns it reads alone.

    held_out: n, who is measured.
    """

    known: Sample
    unseen: Sample
    held_out: Flags


def train(
    sample: Sample, *, parameters: Mapping[str, Any], manner: Manner = Manner(), progress: Progress = silent
) -> TrainedModel:
    """Train on a sample, one row a client.

    parameters: as `parameters_for` gives them; their seed deals the folds too.
    progress is called with a word after each fold and after the final booster.
    Raises TrainingDataError when the target cannot fill the folds.
    """
    settings = {**parameters, "num_threads": threads(sample.values.size)}
    assigned = assign_folds(sample.target, folds=manner.folds, seed=parameters["seed"])
    teaching = Teaching(sample.cases, sample.target, assigned, manner.lessons, parameters["seed"])
    grown: list[tuple[Watched, Matrix]] = []
    for fold in each_fold(sample, teaching, settings, manner):
        grown.append((manner.grower.grow_watched(fold.known, fold.unseen, settings), fold.unseen.values))
        progress(f"fold {len(grown)} of {manner.folds}")
    curves = [watched.curve for watched, _ in grown]
    chosen = _read(sample, teaching.told(None), np.ones(len(assigned), dtype=bool), settings, manner)
    final = manner.grower.grow(chosen, settings, rounds=best_rounds(curves))
    progress("final booster")
    rounds = _rounds_of_others(curves)
    return TrainedModel(
        trees=portable(final.model_to_string()),
        sample=chosen,
        lessons=teaching.learnt_from_all().needed_by(chosen.encoding.features),
        calibration=calibrate(_out_of_fold(assigned, grown, rounds), sample.target, assigned),
        folds=assigned,
        rounds=best_rounds(curves),
        fold_rounds=tuple(rounds),
        parameters=parameters,
    )


def each_fold(sample: Sample, teaching: Teaching, settings: Mapping[str, Any], manner: Manner) -> Iterator[Fold]:
    """Give each fold in turn; what it reads is taught and chosen without the clients it is measured on."""
    for number in range(manner.folds):
        held_out = teaching.folds == number
        read = _read(sample, teaching.told(number), ~held_out, settings, manner)
        yield Fold(read.of(~held_out), read.of(held_out), held_out)


def _read(sample: Sample, told: pl.DataFrame, among: Flags, settings: Mapping[str, Any], manner: Manner) -> Sample:
    """Give what a booster reads of all clients, in columns chosen by some of those `among`.

    Never are all columns of all clients copied: at full size each copy takes more than a gigabyte.
    """
    few = scouts(among, manner.selection, seed=settings["seed"])
    scouted = sample.of(few).beside(told.filter(pl.Series(few)) if told.width else told)
    return sample.beside(told, CHOOSERS[manner.selection](scouted, settings, manner.most_features))


def best_rounds(curves: list[Floats]) -> int:
    """Give how many trees are best on the mean of the curves, over the length they all reach."""
    shortest = min(len(curve) for curve in curves)
    return int(np.argmin(np.mean([curve[:shortest] for curve in curves], axis=0))) + 1


def _rounds_of_others(curves: list[Floats]) -> list[int]:
    shortest = min(len(curve) for curve in curves)
    cut = [curve[:shortest] for curve in curves]
    return [best_rounds(cut[:fold] + cut[fold + 1 :]) for fold in range(len(cut))]


def _out_of_fold(folds: NDArray[np.int8], grown: list[tuple[Watched, Matrix]], rounds: list[int]) -> Floats:
    raw = np.empty(len(folds))
    for fold, ((watched, unseen), trees) in enumerate(zip(grown, rounds, strict=True)):
        raw[folds == fold] = watched.booster.predict(unseen, raw_score=True, num_iteration=trees)
    return raw
