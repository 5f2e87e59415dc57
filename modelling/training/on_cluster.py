"""Trees grown by the workers of a Dask cluster, each on its share of the clients (lightgbm.dask, data parallel).

LightGBM cannot stop early there, since each worker sees its own share alone. So trees are grown by the STEP, and after
each step the log loss on held-out clients is measured here, tree by tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from modelling.recalibration import probability_of
from modelling.training.growing import Watched
from modelling.training.metrics import Floats
from modelling.training.parameters import MOST_ROUNDS, PATIENCE
from modelling.training.sample import Sample

if TYPE_CHECKING:
    from distributed import Client

STEP = 300


@dataclass(frozen=True)
class Spread:
    """A sample's rows as Dask arrays, a part a worker."""

    values: Any
    target: Any
    categories: list[int]


class OnCluster:
    """Grows on the workers behind a client."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def grow(self, known: Sample, settings: Mapping[str, Any], *, rounds: int) -> lgb.Booster:
        """Grow so many trees."""
        return self._grown(self._spread(known), settings, rounds=rounds)

    def grow_watched(self, known: Sample, unseen: Sample, settings: Mapping[str, Any]) -> Watched:
        """Grow trees until they do `unseen` no more good."""
        spread, seed = self._spread(known), int(settings["seed"])
        booster = self._grown(spread, settings, rounds=STEP)
        raw = np.zeros(len(unseen.target))
        curve = _losses(booster, unseen, raw, first=0)
        while len(curve) < MOST_ROUNDS and len(curve) - PATIENCE <= np.argmin(curve):
            # Begun anew with the same seed, each step would draw the columns and rows of the one before.
            booster = self._grown(spread, {**settings, "seed": seed + len(curve)}, rounds=STEP, after=booster)
            curve += _losses(booster, unseen, raw, first=len(curve))
        return Watched(booster, np.asarray(curve))

    def _spread(self, sample: Sample) -> Spread:
        values, target = self._by_worker(sample.values), self._by_worker(sample.target)
        return Spread(values, target, sample.encoding.category_indices)

    def _by_worker(self, array: NDArray[Any]) -> Any:
        """Give an array as a Dask array, cut by rows into a part a worker, each where it will be read."""
        from dask import array as dask_array  # noqa: PLC0415 - for those alone who have a cluster
        from dask.delayed import delayed  # noqa: PLC0415 - as above

        workers = list(self.client.scheduler_info(n_workers=-1)["workers"])
        blocks = []
        for worker, part in zip(workers, np.array_split(array, len(workers)), strict=True):
            held = self.client.scatter(part, workers=[worker], hash=False)
            blocks.append(dask_array.from_delayed(delayed(held), part.shape, part.dtype))  # type: ignore[no-untyped-call]
        return dask_array.concatenate(blocks)  # type: ignore[no-untyped-call]

    def _grown(
        self, rows: Spread, settings: Mapping[str, Any], *, rounds: int, after: lgb.Booster | None = None
    ) -> lgb.Booster:
        from lightgbm.dask import DaskLGBMRegressor  # noqa: PLC0415 - as above

        # A classifier would learn the classes of its own share of clients, which may have one only.
        shape = {name: value for name, value in settings.items() if name != "num_threads"}
        model = DaskLGBMRegressor(client=self.client, n_estimators=rounds, **shape)
        with self.client.as_current():
            model.fit(rows.values, rows.target, categorical_feature=rows.categories, init_model=after)
        return model.booster_


def _losses(booster: lgb.Booster, unseen: Sample, raw: Floats, *, first: int) -> list[float]:
    """Give the log loss after each tree from `first` on, adding what they predict to `raw`."""
    losses = []
    for tree in range(first, booster.current_iteration()):
        raw += booster.predict(unseen.values, raw_score=True, start_iteration=tree, num_iteration=1)
        likelihood = np.where(unseen.target == 1, probability_of(raw), probability_of(-raw))
        losses.append(float(-np.log(likelihood).mean()))
    return losses
