"""What the admission gate costs: the same training once more with what it keeps out, for this measurement alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from modelling.encoding import Encoding
from modelling.features.catalogue import CATALOGUE, LegalStatus
from modelling.recalibration import probability_of
from modelling.training.bootstrap import ROUNDS, resamples
from modelling.training.cost import cost_per_application
from modelling.training.dataset import Snapshot, TrainingSet
from modelling.training.fit import Manner, Progress, train
from modelling.training.metrics import Floats, Metric, Outcomes, auc
from modelling.training.out_of_fold import OutOfFold
from modelling.training.protected import barred_features
from modelling.training.run import checked_rows
from modelling.training.sample import Sample

Figures = dict[str, Any]


@dataclass(frozen=True)
class Gated:
    """A training as the gate let it be, to be set against one without the gate.

    parameters, manner: those of the training. threshold, cost_ratio: at which costs are compared.
    """

    predictions: OutOfFold
    parameters: Mapping[str, Any]
    manner: Manner
    threshold: float
    cost_ratio: float


def gate_cost(snapshot: Snapshot, gated: Gated, *, progress: Progress) -> Figures:
    """Give what AUC and cost would be with the controlled features, and with the barred ones too, on the same folds.

    Nothing of these trainings is kept but their figures. Each difference is to the gated training, with its 95 %
    interval over the same resamples of clients.
    """
    controlled = tuple(name for name, feature in CATALOGUE.items() if feature.status is LegalStatus.CONTROLLED)
    rows = checked_rows(snapshot, controlled=controlled, folds=gated.manner.folds, lessons=gated.manner.lessons)
    everything = _with_barred(rows, snapshot)
    return {
        "clients": len(rows.target),
        "with_controlled": _against(gated, rows, progress),
        "with_barred": _against(gated, everything, progress),
    }


def _with_barred(rows: TrainingSet, snapshot: Snapshot) -> TrainingSet:
    applications = snapshot.tables(("application",)).of_clients(pl.Series(rows.client_ids))
    values, encoding = barred_features(applications)
    return replace(
        rows,
        values=np.hstack((rows.values, values)),
        encoding=Encoding((*rows.encoding.features, *encoding.features), {**rows.encoding.levels, **encoding.levels}),
    )


def _against(gated: Gated, rows: TrainingSet, progress: Progress) -> Figures:
    sample = Sample(rows.values, rows.target, rows.encoding, rows.cases)
    trained = train(sample, parameters=gated.parameters, manner=gated.manner, progress=progress)
    metrics = {"auc": auc, "cost_per_application": cost_per_application(gated.threshold, gated.cost_ratio)}
    before, after = gated.predictions.probability, probability_of(trained.log_odds)
    return {
        name: difference(before, after, rows, metric, seed=int(gated.parameters["seed"]))
        for name, metric in metrics.items()
    }


def difference(before: Floats, after: Floats, rows: TrainingSet, metric: Metric, *, seed: int) -> Figures:
    """Give a metric of two predictions of the same clients, and the second less the first with its 95 % interval."""
    sides = [(Outcomes.of(each, rows.target), np.argsort(each, kind="stable")) for each in (before, after)]
    plain = [float(metric(outcomes, outcomes.unit_weights)[0]) for outcomes, _ in sides]
    draws = []
    for weights in resamples(len(rows.target), seed=seed, rounds=ROUNDS):
        first, second = (metric(outcomes, weights[:, order]) for outcomes, order in sides)
        draws.append(second - first)
    low, high = np.nanquantile(np.concatenate(draws), (0.025, 0.975))
    return {"gated": plain[0], "open": plain[1], "value": plain[1] - plain[0], "low": float(low), "high": float(high)}
