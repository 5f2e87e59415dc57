"""What is measured of a trained model, as plain values for the bundle's report and the register."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.recalibration import probability_of
from modelling.training.bootstrap import estimate
from modelling.training.calibration import Calibrated, grades
from modelling.training.cost import Terms
from modelling.training.curves import threshold_curve
from modelling.training.dataset import TrainingSet
from modelling.training.fit import TrainedModel
from modelling.training.metrics import METRICS, Outcomes
from modelling.training.pricing import Loans, measured

CALIBRATION = {
    name: METRICS[name] for name in ("log_loss", "brier", "calibration_slope", "calibration_intercept", "ece")
}


def training_report(trained: TrainedModel, rows: TrainingSet, *, terms: Terms) -> dict[str, Any]:
    """Give the report of a training: everything in it was measured out of fold, on no test row."""
    loans = Loans.of(probability_of(trained.log_odds), rows.target, rows.credit)
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
        **measured(loans, terms=terms, seed=seed),
        "curve": threshold_curve(loans.outcomes, loans.credit),
        "calibration": calibration_report(trained.calibration, rows.target, seed=seed),
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
