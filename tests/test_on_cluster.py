"""Trees grown by two worker processes of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss

import modelling.cluster
from modelling.cluster import connected
from modelling.encoding import Encoding
from modelling.errors import ClusterError
from modelling.recalibration import probability_of
from modelling.training import on_cluster
from modelling.training.fit import Manner, TrainedModel, train
from modelling.training.metrics import METRICS, Outcomes
from modelling.training.on_cluster import OnCluster
from modelling.training.parameters import PATIENCE, parameters_for
from modelling.training.sample import Sample

pytestmark = pytest.mark.slow


def sample(clients: int = 8_000) -> Sample:
    draw = np.random.default_rng(0)
    risk, noise, job = draw.normal(size=clients), draw.normal(size=clients), draw.integers(0, 3, clients)
    chance = probability_of(1.2 * risk + 0.8 * (job == 1) - 2.2)
    values = np.column_stack((risk, np.where(noise > 1, np.nan, noise), job)).astype(np.float32)
    target = (draw.uniform(size=clients) < chance).astype(np.int8)
    return Sample(values, target, Encoding(("risk", "noise", "job"), {"job": ("a", "b", "c")}))


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    import distributed

    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with distributed.LocalCluster(**options) as cluster:
        yield cluster


def auc(trained: TrainedModel, rows: Sample) -> float:
    outcomes = Outcomes.of(probability_of(trained.log_odds), rows.target)
    return float(METRICS["auc"](outcomes, outcomes.unit_weights)[0])


@pytest.mark.filterwarnings("ignore")  # of Dask's and Tornado's own
def test_two_workers_step_by_step_reach_the_auc_of_one_process(workers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_cluster, "STEP", 80)
    rows, settings = sample(), parameters_for(8_000)
    here = train(rows, parameters=settings, manner=Manner(folds=2))

    with connected(workers.scheduler_address, workers=2) as client:
        there = train(rows, parameters=settings, manner=Manner(folds=2, grower=OnCluster(client)))

    assert auc(there, rows) == pytest.approx(auc(here, rows), abs=0.002)
    assert there.trees.count("Tree=") == there.rounds


@pytest.mark.filterwarnings("ignore")  # as above
def test_a_curve_is_the_log_loss_of_its_booster_tree_by_tree(workers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_cluster, "STEP", 60)
    rows, settings = sample(2_000), parameters_for(2_000)
    known, unseen = rows.of(np.arange(2_000) < 1_000), rows.of(np.arange(2_000) >= 1_000)

    with connected(workers.scheduler_address, workers=2) as client:
        watched = OnCluster(client).grow_watched(known, unseen, settings)

    assert watched.booster.num_trees() == len(watched.curve) > 60
    assert len(watched.curve) - np.argmin(watched.curve) > PATIENCE
    probability = watched.booster.predict(unseen.values)
    assert watched.curve[-1] == pytest.approx(log_loss(unseen.target, probability), rel=1e-6)


def test_too_few_workers_are_counted(workers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modelling.cluster, "ANSWER_WITHIN_SECONDS", 0.3)

    with (
        pytest.raises(ClusterError, match="has 2 workers where 3 should be"),
        connected(workers.scheduler_address, workers=3),
    ):
        pass
