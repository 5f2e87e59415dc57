"""Which snapshots there are, and which may be learnt from: any but one that its data quality report holds back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from django.conf import settings

from modelling.errors import TrainingDataError, gettext_noop
from modelling.models import QualityReport
from modelling.training.dataset import Snapshot, open_snapshot, snapshot_names
from modelling.training.folds import check_target


def snapshot_to_learn_from(name: str) -> Snapshot:
    """Find a snapshot by name, or the last one by "latest".

    Raises TrainingDataError when it is not there, or blocked and accepted by nobody.
    """
    snapshot = open_snapshot(Path(settings.SNAPSHOTS_DIR), name)
    of_it = QualityReport.objects.filter(
        occasion=QualityReport.Occasion.SNAPSHOT, subject=snapshot.name, digest=snapshot.digest
    )
    report = of_it.order_by("-pk").first()
    if report and report.is_blocking:
        raise TrainingDataError(
            gettext_noop(
                "Snapshot '{name}' is blocked: its tables differ too much from those the champion learnt from. Read "
                "data quality report {report} at /quality/{report}; take another snapshot once the rows are corrected, "
                "or accept it: accept_quality {report} --by USERNAME --reason TEXT."
            ),
            name=snapshot.name,
            report=str(report.pk),
        )
    return snapshot


def known_snapshots() -> list[str]:
    """Give the names of the snapshots there are, the newest first."""
    return snapshot_names(Path(settings.SNAPSHOTS_DIR))


def check_outcomes(snapshot: Snapshot, *, folds: int) -> None:
    """Raise TrainingDataError when its outcomes do not allow training, by a look at its applications alone."""
    check_target(snapshot.outcomes()["target"].to_numpy().astype(np.int8), folds=folds)
