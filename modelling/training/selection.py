"""Which features a booster reads: those it gains most from, or those it gains more from than from shuffled outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import lightgbm as lgb
import numpy as np

from modelling.training.metrics import Floats
from modelling.training.parameters import SCOUTING, SCOUTING_ROUNDS
from modelling.training.sample import Columns, Flags, Sample

NULL_RUNS, NULL_ROUNDS = 10, 60
NULL_QUANTILE = 0.75


class Selection(StrEnum):
    """How features are chosen."""

    GAIN = "gain"
    NULL_IMPORTANCE = "null-importance"


# How many clients are enough to tell which features are of use, and signal from chance; so it is as quick at any size.
SCOUTED_CLIENTS: Mapping[Selection, int] = {Selection.GAIN: 100_000, Selection.NULL_IMPORTANCE: 30_000}

Choose = Callable[[Sample, Mapping[str, Any], int], Columns]


def most_useful(sample: Sample, settings: Mapping[str, Any], most: int) -> Columns:
    """Give the columns a short booster gains most from, at most `most`, in matrix order; ties go to the first."""
    if len(sample.encoding.features) <= most:
        return list(range(len(sample.encoding.features)))
    shape = {**settings, **SCOUTING}
    booster = lgb.train(shape, sample.dataset(shape), num_boost_round=SCOUTING_ROUNDS)
    return _highest(booster.feature_importance("gain"), most)


def above_chance(sample: Sample, settings: Mapping[str, Any], most: int) -> Columns:
    """Give the columns whose gain beats chance, by how many times, at most `most`, in matrix order.

    Chance is the upper quartile of their gain when outcomes are shuffled among clients (Altmann 2010); it is high for
    columns of many values, which gain alone favours. At least one column is given.
    """
    draw = np.random.default_rng(settings["seed"])
    data = sample.dataset(settings)
    real = _gains(data, settings)
    null = [_gains(data.set_label(draw.permutation(sample.target)), settings) for _ in range(NULL_RUNS)]
    times = real / (1 + np.quantile(null, NULL_QUANTILE, axis=0))
    return _highest(times, min(most, max(1, int(np.sum(times > 1)))))


CHOOSERS: Mapping[Selection, Choose] = {Selection.GAIN: most_useful, Selection.NULL_IMPORTANCE: above_chance}


def scouts(among: Flags, selection: Selection, *, seed: int) -> Flags:
    """Draw the clients by whom features are chosen: enough of those `among`, n."""
    places, most = np.flatnonzero(among), SCOUTED_CLIENTS[selection]
    if len(places) <= most:
        return among
    drawn = np.zeros_like(among)
    drawn[places[np.random.default_rng(seed).permutation(len(places)) < most]] = True
    return drawn


def _gains(data: lgb.Dataset, settings: Mapping[str, Any]) -> Floats:
    booster = lgb.train(dict(settings), data, num_boost_round=NULL_ROUNDS)
    return np.asarray(booster.feature_importance("gain"), dtype=np.float64)


def _highest(scores: Floats, most: int) -> Columns:
    return sorted(np.argsort(-scores, kind="stable")[:most].tolist())
