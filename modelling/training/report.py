"""What is measured of a trained model, as plain values for the bundle's report and the register."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.recalibration import probability_of
from modelling.training.bootstrap import estimate
from modelling.training.calibration import Calibrated, grades
from modelling.training.cost import approval_rate, best_threshold, cost_per_application, optimal_threshold
from modelling.training.dataset import TrainingSet
from modelling.training.fit import TrainedModel
from modelling.training.metrics import METRICS, Outcomes

CALIBRATION = {
    name: METRICS[name] for name in ("log_loss", "brier", "calibration_slope", "calibration_intercept", "ece")
}


def training_report(trained: TrainedModel, rows: TrainingSet, *, cost_ratio: float) -> dict[str, Any]:
    """Give the report of a training: everything in it was measured out of fold, on no test row."""
    outcomes = Outcomes.of(probability_of(trained.log_odds), rows.target)
    seed = int(trained.parameters["seed"])
    return {
        "measured_on": "out-of-fold predictions of the training clients; no test row was read",
        "clients": len(rows.target),
        "defaults": int(rows.target.sum()),
        "features": len(rows.encoding.features),
        "folds": len(trained.fold_rounds),
        "rounds": trained.rounds,
        "fold_rounds": list(trained.fold_rounds),
        "parameters": dict(trained.parameters),
        "metrics": {name: asdict(found) for name, found in estimate(outcomes, METRICS, seed=seed).items()},
        "calibration": calibration_report(trained.calibration, rows.target, seed=seed),
        "threshold": threshold_report(outcomes, cost_ratio=cost_ratio, seed=seed),
    }


def calibration_report(
    found: Calibrated, target: NDArray[np.integer], *, seed: int, cuts: tuple[float, ...] = ()
) -> dict[str, Any]:
    """Give how true each kind's probabilities are, which kind was kept, and the kept one's risk grades.

    cuts: where risk grades begin; without any, they are tenths of the clients.
    """
    by_kind = {kind: Outcomes.of(probability_of(log_odds), target) for kind, log_odds in found.by_kind.items()}
    compared = {kind: estimate(outcomes, CALIBRATION, seed=seed) for kind, outcomes in by_kind.items()}
    return {
        "kept": found.kind,
        "compared": {
            kind: {name: asdict(figure) for name, figure in figures.items()} for kind, figures in compared.items()
        },
        "grades": [asdict(grade) for grade in grades(by_kind[found.kind], cuts)],
    }


def threshold_report(
    outcomes: Outcomes, *, cost_ratio: float, seed: int, threshold: float | None = None
) -> dict[str, Any]:
    """Give costs and approval at the policy's threshold, beside the cheapest on these very rows.

    threshold: the policy's, by default 1 / (1 + cost_ratio).
    """
    policy = optimal_threshold(cost_ratio) if threshold is None else threshold
    best = estimate(outcomes, {"threshold": best_threshold(cost_ratio)}, seed=seed)["threshold"]
    return {
        "cost_ratio": cost_ratio,
        "policy": {"threshold": policy, **_at(outcomes, policy, cost_ratio, seed)},
        "best_on_these_rows": {
            "threshold": best.value,
            "low": best.low,
            "high": best.high,
            "note": "chosen on the rows it is measured on: optimistic",
            **_at(outcomes, best.value, cost_ratio, seed),
        },
    }


def _at(outcomes: Outcomes, threshold: float, ratio: float, seed: int) -> dict[str, Any]:
    wanted = {"approval_rate": approval_rate(threshold), "cost_per_application": cost_per_application(threshold, ratio)}
    return {name: asdict(found) for name, found in estimate(outcomes, wanted, seed=seed).items()}
