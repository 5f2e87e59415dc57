"""Measure a bundle on labelled rows it was not trained on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from modelling.bundle import Bundle
from modelling.reading import Folder
from modelling.scoring import score
from modelling.training.bootstrap import estimate
from modelling.training.dataset import labelled
from modelling.training.metrics import METRICS, Outcomes
from modelling.training.report import threshold_report


def evaluate(
    bundle: Bundle, folder: Folder, *, cost_ratio: float, threshold: float | None = None, seed: int = 0
) -> dict[str, Any]:
    """Give quality, calibration and costs on the folder's labelled clients, and what was left out to get there.

    threshold: the policy's, by default 1 / (1 + cost_ratio). seed: of the bootstrap that gives the intervals.
    Raises TrainingDataError when no client is labelled or all have the same outcome.
    """
    tables = labelled(folder.tables)
    scored = score(bundle, tables)
    target = tables.application.sort("sk_id_curr")["target"].to_numpy().astype(np.int8)
    outcomes = Outcomes.of(scored.probability, target)
    return {
        "clients": len(target),
        "defaults": int(target.sum()),
        "left_out": {
            "unlabelled_applications": folder.tables.application.height - len(target),
            "rows_without_application": dict(folder.strays),
        },
        "absent_tables": list(folder.absent),
        "is_demo": bundle.is_demo,
        "mean_predicted": float(scored.probability.mean()),
        "observed_rate": float(target.mean()),
        "metrics": {name: asdict(found) for name, found in estimate(outcomes, METRICS, seed=seed).items()},
        "threshold": threshold_report(outcomes, cost_ratio=cost_ratio, seed=seed, threshold=threshold),
    }
