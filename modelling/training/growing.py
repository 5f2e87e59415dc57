"""Who grows the trees: this process, or the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import lightgbm as lgb
import numpy as np

from modelling.training.metrics import Floats
from modelling.training.parameters import MOST_ROUNDS, PATIENCE
from modelling.training.sample import Sample


@dataclass(frozen=True)
class Watched:
    """A booster, and its log loss on clients it did not see, a value a tree."""

    booster: lgb.Booster
    curve: Floats


class Grower(Protocol):
    """Grows boosters from samples."""

    def grow(self, known: Sample, settings: Mapping[str, Any], *, rounds: int) -> lgb.Booster:
        """Grow so many trees."""

    def grow_watched(self, known: Sample, unseen: Sample, settings: Mapping[str, Any]) -> Watched:
        """Grow trees until PATIENCE of them made log loss on `unseen` no better, or there are MOST_ROUNDS."""


@dataclass(frozen=True)
class Here:
    """Grows in this process, on its threads."""

    def grow(self, known: Sample, settings: Mapping[str, Any], *, rounds: int) -> lgb.Booster:
        """Grow so many trees."""
        return lgb.train(dict(settings), known.dataset(settings), num_boost_round=rounds)

    def grow_watched(self, known: Sample, unseen: Sample, settings: Mapping[str, Any]) -> Watched:
        """Grow trees until they do `unseen` no more good."""
        record: dict[str, dict[str, list[float]]] = {}
        data = known.dataset(settings)
        booster = lgb.train(
            dict(settings),
            data,
            num_boost_round=MOST_ROUNDS,
            valid_sets=[unseen.dataset(settings, reference=data)],
            valid_names=["held_out"],
            callbacks=[lgb.early_stopping(PATIENCE, verbose=False), lgb.record_evaluation(record)],
        )
        return Watched(booster, np.asarray(record["held_out"]["binary_logloss"]))
