"""Training as an act on record: from a snapshot's name to a registered model version, and a row for every attempt."""

from __future__ import annotations

import logging
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import connection
from django.db.models import Func, IntegerField, Q
from django.utils import timezone

from modelling import registry, tracking
from modelling.errors import TrackingError
from modelling.fairness_reports import report_fairness
from modelling.models import ComparisonRun, ModelVersion, TrainingRun
from modelling.snapshots import snapshot_to_learn_from
from modelling.training.fit import Progress, silent
from modelling.training.run import Plan, train_bundle

logger = logging.getLogger(__name__)

LINEAGE = ("digest", "snapshot_name", "snapshot_digest", "catalogue_version", "code_version", "platform", "seed")
LOST = "The process ended before its work was done: it was stopped or ran out of memory. {}"
Attempt = TrainingRun | ComparisonRun


def train_version(snapshot_name: str, plan: Plan, *, progress: Progress = silent) -> ModelVersion:
    """Train on a snapshot ("latest" for the last) and register the result; the same bytes keep their number.

    progress is called with a word after each of the plan's folds + 4 steps, the last of them the fairness report. The
    attempt is kept as a TrainingRun, with its error when it fails; the error is raised again. Raises TrainingDataError,
    with no attempt made, for a snapshot that its data quality report blocks.
    """
    snapshot = snapshot_to_learn_from(snapshot_name)
    close_lost_runs()
    run = TrainingRun.objects.create(
        snapshot_name=snapshot.name,
        seed=plan.seed,
        backend_pid=own_backend(),
    )
    noted = _noting(run, progress)
    try:
        folder = train_bundle(snapshot, plan, shelf=registry.bundles_folder(), progress=noted)
        version = run.version = registry.register(folder)
        report_fairness(version)
        noted("fairness")
        _track(run, version)
    except BaseException as error:
        finish(run, TrainingRun.State.FAILED, error=str(error) or type(error).__name__)
        raise
    finish(run, TrainingRun.State.DONE)
    return version


def _track(run: TrainingRun, version: ModelVersion) -> None:
    """Write the training down in MLflow; when its store is away the training stands all the same."""
    try:
        run.mlflow_run = tracking.log_run(
            settings.MLFLOW_TRACKING_URI or Path(settings.STATE_DIR, "mlruns").as_uri(),
            name=f"v{version.number}",
            folder=registry.bundles_folder() / version.bundle_path,
            report=version.report,
            lineage={name: str(getattr(version, name)) for name in LINEAGE},
        )
    except TrackingError as error:
        logger.warning("%s", error)
        run.tracking_error = str(error)


def close_lost_runs() -> int:
    """Mark as failed the trainings and comparisons whose process died without a word; give how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        alive = [pid for (pid,) in cursor.fetchall()]
    is_lost = Q(state=TrainingRun.State.RUNNING) & ~Q(backend_pid__in=alive)
    end = {"state": TrainingRun.State.FAILED, "finished_at": timezone.now()}
    comparisons = ComparisonRun.objects.filter(is_lost).update(**end, error=LOST.format("Resume it."))
    return TrainingRun.objects.filter(is_lost).update(**end, error=LOST.format("Train again.")) + comparisons


def _noting(run: TrainingRun, progress: Progress) -> Progress:
    """Write each step down with the seconds since the start, then pass it on."""
    started = monotonic()

    def noted(step: str) -> None:
        run.figures[step] = round(monotonic() - started, 2)
        run.save(update_fields=["figures"])
        progress(step)

    return noted


def own_backend() -> Func:
    """Give the number of this process's database connection, by which it is known to be alive."""
    return Func(function="pg_backend_pid", output_field=IntegerField())


def finish(run: Attempt, state: TrainingRun.State, *, error: str = "") -> None:
    """Write down how an attempt ended."""
    run.state, run.error, run.finished_at = state, error, timezone.now()
    run.save()
