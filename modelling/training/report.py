"""What is measured of a trained model, as plain values for the bundle's report and the register."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from modelling.recalibration import probability_of
from modelling.training.bootstrap import estimate
from modelling.training.cost import approval_rate, best_threshold, cost_per_application, optimal_threshold
from modelling.training.dataset import TrainingSet
from modelling.training.fit import TrainedModel
from modelling.training.metrics import METRICS, Outcomes


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
        "threshold": threshold_report(outcomes, cost_ratio=cost_ratio, seed=seed),
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
