"""Training as an act on record: from a snapshot's name to a registered model version, and a row for every attempt."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from modelling import registry, tracking
from modelling.attempts import CancelledError, cancellable, close_lost, ended_by, own_backend, take_up
from modelling.errors import TrackingError
from modelling.fairness_reports import report_fairness
from modelling.models import ModelVersion, State, TrainingRun
from modelling.snapshots import check_outcomes, snapshot_to_learn_from
from modelling.training.fit import Progress, silent
from modelling.training.run import Plan, check_plan, train_bundle

logger = logging.getLogger(__name__)

LINEAGE = ("digest", "snapshot_name", "snapshot_digest", "catalogue_version", "code_version", "platform", "seed")


def train_version(snapshot_name: str, plan: Plan, *, progress: Progress = silent) -> ModelVersion:
    """Train on a snapshot ("latest" for the last) and register the result; the same bytes keep their number.

    progress is called with a word after each of the plan's folds + 4 steps, the last of them the fairness report. The
    attempt is kept as a TrainingRun, with its error when it fails; the error is raised again. Raises TrainingDataError,
    with no attempt made, for a snapshot that its data quality report blocks.
    """
    snapshot = snapshot_to_learn_from(snapshot_name)
    close_lost()
    run = TrainingRun.objects.create(
        snapshot_name=snapshot.name, seed=plan.seed, asked=plan.to_json(), backend_pid=own_backend()
    )
    return _trained(run, plan, progress)


def order_training(snapshot_name: str, plan: Plan, *, asked_by: AbstractBaseUser) -> TrainingRun:
    """Write down that a training is wanted; whoever calls `carry_out` with it trains.

    Raises what training would of which the plan and the outcomes alone tell: ModellingError and its kin.
    """
    snapshot = snapshot_to_learn_from(snapshot_name)
    check_plan(plan)
    check_outcomes(snapshot, folds=plan.folds)
    asked = plan.to_json()
    return TrainingRun.objects.create(
        state=State.QUEUED, snapshot_name=snapshot.name, seed=plan.seed, asked=asked, asked_by_id=asked_by.pk
    )


def carry_out(run: TrainingRun, *, alive: Callable[[], None]) -> ModelVersion | None:
    """Train as a queued run asks, in this process; None when it is not queued any more, or was cancelled meanwhile.

    alive is called again and again meanwhile. Errors are written down, and raised again.
    """
    close_lost()
    if not take_up(run):
        return None
    try:
        with cancellable(run, alive=alive):
            return _trained(run, Plan.of_json(run.asked, seed=run.seed), silent)
    except CancelledError:
        return None


def _trained(run: TrainingRun, plan: Plan, progress: Progress) -> ModelVersion:
    noted = _noting(run, progress)
    with ended_by(run):
        snapshot = snapshot_to_learn_from(run.snapshot_name)
        folder = train_bundle(snapshot, plan, shelf=registry.bundles_folder(), progress=noted)
        version = run.version = registry.register(folder)
        report_fairness(version)
        noted("fairness")
        _track(run, version)
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
        logger.warning("%s", error, exc_info=True)
        run.tracking_error = str(error)
        run.tracking_failure = {"sentence": error.sentence, "facts": error.facts}


def _noting(run: TrainingRun, progress: Progress) -> Progress:
    """Write each step down with the seconds since the start, then pass it on."""
    started = monotonic()

    def noted(step: str) -> None:
        run.figures[step] = round(monotonic() - started, 2)
        run.save(update_fields=["figures"])
        progress(step)

    return noted
