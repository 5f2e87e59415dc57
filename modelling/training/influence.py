"""Measure how much each feature moves the probabilities of the training population."""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from modelling.encoding import Matrix
from modelling.explanation import explain
from modelling.influence import FeatureInfluence, Influence
from modelling.recalibration import Recalibration
from modelling.scoring import score_matrix
from modelling.training.dataset import TrainingSet
from modelling.training.fit import TrainedModel

MOST_CLIENTS = 5_000  # their mean sizes are known to about 2 %, in a few seconds
FEATURES_WITH_POINTS = 40
POINTS = 200  # a feature
LEVEL_SHARE = 0.01
DIGITS = 4  # significant ones of a point: more than a drawing shows, and fewer than would tell of a person


@dataclass(frozen=True)
class _Fresh:
    """What scores before a bundle is sealed."""

    booster: lgb.Booster
    calibration: Recalibration
    features: tuple[str, ...]


@dataclass(frozen=True)
class _Column:
    """One feature's encoded values and contributions, a place a client; levels: of a category, by code."""

    values: Matrix
    contributions: NDArray[np.float64]
    levels: tuple[str, ...]


def measure_influence(trained: TrainedModel, rows: TrainingSet, *, seed: int) -> Influence:
    """Explain at most MOST_CLIENTS of the training clients, drawn with `seed`, and sum up feature by feature.

    rows: with the columns the booster reads. Raises AdditivityError when an explanation does not sum to its score.
    """
    draw = np.random.default_rng(seed)
    chosen = np.sort(draw.permutation(len(rows.values))[:MOST_CLIENTS])
    fresh = _Fresh(lgb.Booster(model_str=trained.trees), trained.calibration.kept, rows.encoding.features)
    values = rows.values[chosen]
    contributions = explain(fresh, score_matrix(fresh, values)).contributions.astype(np.float64)
    sizes = np.abs(contributions).mean(axis=0)
    found = {}
    for rank, place in enumerate(np.argsort(-sizes, kind="stable").tolist()):
        name = fresh.features[place]
        column = _Column(values[:, place], contributions[:, place], rows.encoding.levels.get(name, ()))
        points = draw.permutation(len(values))[:POINTS] if rank < FEATURES_WITH_POINTS else np.empty(0, dtype=np.int64)
        found[name] = _influence(column, points)
    return Influence(clients=len(chosen), features=found)


def _influence(column: _Column, points: NDArray[np.int64]) -> FeatureInfluence:
    missing = np.isnan(column.values)
    return FeatureInfluence(
        mean_size=float(np.abs(column.contributions).mean()),
        direction=None if column.levels else _direction(column.values[~missing], column.contributions[~missing]),
        by_level=_by_level(column),
        when_missing=_mean(column.contributions, missing),
        values=tuple(None if np.isnan(value) else _rounded(value) for value in column.values[points]),
        contributions=tuple(_rounded(each) for each in column.contributions[points]),
    )


def _direction(values: Matrix, contributions: NDArray[np.float64]) -> float | None:
    if len(values) < 2 or np.ptp(values) == 0 or np.ptp(contributions) == 0:
        return None
    return float(spearmanr(values, contributions).statistic)


def _by_level(column: _Column) -> dict[str, float]:
    means = {level: _mean(column.contributions, column.values == code) for code, level in enumerate(column.levels)}
    return {level: mean for level, mean in means.items() if mean is not None}


def _mean(contributions: NDArray[np.float64], of: NDArray[np.bool_]) -> float | None:
    if of.sum() < max(LEVEL_SHARE * len(of), 1):
        return None
    return float(contributions[of].mean())


def _rounded(number: np.floating) -> float:
    return float(f"{number:.{DIGITS}g}")
