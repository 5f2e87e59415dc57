"""Fairness as a report on record: how a version treats groups, what its features give away, what the gate costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings

from modelling import registry
from modelling.errors import TrainingDataError
from modelling.features.feature import Lesson
from modelling.learnt.lessons import looked_at
from modelling.models import FairnessReport, ModelVersion
from modelling.training import out_of_fold
from modelling.training.dataset import Snapshot, open_snapshot
from modelling.training.fairness import group_report
from modelling.training.fit import Manner, Progress
from modelling.training.gate import Gated, gate_cost
from modelling.training.out_of_fold import OutOfFold
from modelling.training.protected import WATCHED, protected_of
from modelling.training.proxies import Proxy, Seen, beyond, radar
from modelling.training.selection import Selection

RADAR_CLIENTS = 20_000


def report_fairness(version: ModelVersion, *, threshold: float | None = None) -> FairnessReport:
    """Measure a version on the clients it was trained on, each predicted out of fold, and keep the report.

    threshold: the policy's, by default that of the training's report.
    Raises TrainingDataError when its snapshot or its out-of-fold predictions are not those of its training.
    """
    snapshot, predictions = _snapshot_of(version), _predictions_of(version)
    cut = version.report["threshold"]["policy"]["threshold"] if threshold is None else threshold
    protected = protected_of(snapshot.applications_of(pl.Series(predictions.client_ids), WATCHED))
    return FairnessReport.objects.create(
        version=version,
        threshold=cut,
        groups=group_report(predictions.probability, predictions.target, protected, threshold=cut),
        proxies=radar(_seen(version, snapshot, predictions), seed=version.seed),
    )


def measure_gate(report: FairnessReport, *, progress: Progress) -> FairnessReport:
    """Train twice more without the gate, for the figures alone, and keep them with the report."""
    version, trained = report.version, report.version.report
    gated = Gated(
        predictions=_predictions_of(version),
        parameters=version.parameters,
        manner=Manner(
            folds=trained["folds"],
            lessons=tuple(Lesson(name) for name in trained["lessons"]),
            selection=Selection(trained["selection"]),
            most_features=trained["most_features"],
        ),
        threshold=report.threshold,
        cost_ratio=trained["threshold"]["cost_ratio"],
    )
    report.gate = gate_cost(_snapshot_of(version), gated, progress=progress)
    report.save(update_fields=["gate"])
    return report


def latest_report(version: ModelVersion) -> FairnessReport | None:
    """Give the last report made of a version."""
    return version.fairness_reports.order_by("-made_at").first()


def proxies_of(version: ModelVersion) -> list[Proxy] | None:
    """Give the features that tell sex or age beyond PROXY_AUC_LIMIT; None when no report was made."""
    report = latest_report(version)
    return None if report is None else beyond(report.proxies, limit=settings.PROXY_AUC_LIMIT)


def _snapshot_of(version: ModelVersion) -> Snapshot:
    snapshot = open_snapshot(Path(settings.SNAPSHOTS_DIR), version.snapshot_name)
    if snapshot.digest != version.snapshot_digest:
        raise TrainingDataError(
            f"Snapshot {snapshot.name!r} is not the one version {version.number} was trained on: its digest is "
            f"{snapshot.digest}, then it was {version.snapshot_digest}."
        )
    return snapshot


def _predictions_of(version: ModelVersion) -> OutOfFold:
    if "out_of_fold" not in version.report:
        raise TrainingDataError(f"Version {version.number} has no out-of-fold predictions; train it again.")
    folder = registry.bundles_folder() / version.bundle_path
    return out_of_fold.read(folder, digest=version.report["out_of_fold"])


def _seen(version: ModelVersion, snapshot: Snapshot, predictions: OutOfFold) -> Seen:
    """Look at RADAR_CLIENTS clients: more would only make the radar slower."""
    rows = np.sort(np.random.default_rng(version.seed).permutation(len(predictions.client_ids))[:RADAR_CLIENTS])
    clients = pl.Series(predictions.client_ids[rows])
    bundle = registry.bundle_of(version)
    own = snapshot.features().filter(pl.col("sk_id_curr").is_in(clients.implode())).collect()
    histories = snapshot.histories_of(clients, looked_at(bundle.lessons.learnt))
    return Seen(
        values=bundle.encoding.encode(bundle.lessons.add(histories, own)),
        encoding=bundle.encoding,
        probability=predictions.probability[rows],
        protected=protected_of(snapshot.applications_of(clients, WATCHED)),
    )
