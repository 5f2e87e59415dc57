"""Measure a bundle on labelled rows it was not trained on."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np

from modelling.bundle import Bundle
from modelling.features.tables import Tables
from modelling.reading import Folder
from modelling.scoring import score
from modelling.training.cost import Terms
from modelling.training.dataset import labelled
from modelling.training.pricing import Loans, measured


def evaluate(bundle: Bundle, folder: Folder, *, terms: Terms, seed: int = 0) -> dict[str, Any]:
    """Give quality, calibration and costs on the folder's labelled clients, and what was left out to get there.

    seed: of the bootstrap that gives the intervals.
    Raises TrainingDataError when no client is labelled or all have the same outcome.
    """
    tables = labelled(folder.tables)
    scored = score(bundle, tables)
    application = tables.application.sort("sk_id_curr")
    target = application["target"].to_numpy().astype(np.int8)
    credit = application["amt_credit"].fill_null(0).to_numpy()
    return {
        "rows_digest": rows_digest(tables),
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
        **measured(Loans.of(scored.probability, target, credit), terms=terms, seed=seed),
    }


def rows_digest(tables: Tables) -> str:
    """Give a SHA-256 that names these labelled clients and their outcomes, whatever files they came in."""
    rows = tables.application.sort("sk_id_curr").select("sk_id_curr", "target").rows()
    return sha256("".join(f"{number} {target}\n" for number, target in rows).encode()).hexdigest()
