"""Which snapshot may be learnt from: any but one that its data quality report holds back."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from modelling.errors import TrainingDataError
from modelling.models import QualityReport
from modelling.training.dataset import Snapshot, open_snapshot


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
            f"Snapshot {snapshot.name!r} is blocked: its tables differ too much from those the champion learnt from. "
            f"Read data quality report {report.pk} at /quality/{report.pk}; take another snapshot once the rows are "
            f"corrected, or accept it: accept_quality {report.pk} --by USERNAME --reason TEXT."
        )
    return snapshot
