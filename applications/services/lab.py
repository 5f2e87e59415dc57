"""Asking the lab for a training or a search of settings, and cancelling it; the work itself is the lab's."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import audit
from applications.errors import LabError
from applications.models import Kind, User
from modelling import studies, trainings
from modelling.models import Attempt, State, Study, TrainingRun
from modelling.training.run import Plan
from modelling.training.search import Budget, Search


@transaction.atomic
def ask_training(snapshot: str, plan: Plan, *, actor: User) -> TrainingRun:
    """Write down that a training is wanted; the caller enqueues it. Raises ModellingError for what cannot be."""
    run = trainings.order_training(snapshot, plan, asked_by=actor)
    facts = {"snapshot": run.snapshot_name, "seed": run.seed}
    reasons = {"controlled": list(plan.controlled), "reason": plan.reason} if plan.controlled else {}
    audit.record(Kind.TRAINING_STARTED, actor=actor, subject=run, data={**facts, **reasons})
    return run


@transaction.atomic
def ask_study(name: str, snapshot: str, search: Search, budget: Budget, *, actor: User) -> Study:
    """Write down that a study is to be begun, or gone on with; the caller enqueues it.

    Raises ModellingError for what cannot be.
    """
    study = studies.order_study(name, snapshot, search, budget, asked_by=actor)
    facts = {"name": name, "snapshot": study.snapshot_name, "seed": study.seed}
    ends = {key: value for key, value in (("trials", budget.trials), ("minutes", budget.minutes)) if value}
    audit.record(Kind.STUDY_STARTED, actor=actor, subject=study, data={**facts, **ends})
    return study


def cancel_training(run: TrainingRun, *, actor: User) -> None:
    """End a training that waits or is under way. Raises LabError when it has ended."""
    _cancel(run, Kind.TRAINING_CANCELLED, actor)


def cancel_study(study: Study, *, actor: User) -> None:
    """End a search that waits or is under way; its trials stay. Raises LabError when it has ended."""
    _cancel(study, Kind.STUDY_CANCELLED, actor)


@transaction.atomic
def _cancel(attempt: Attempt, kind: Kind, actor: User) -> None:
    locked = type(attempt)._default_manager.select_for_update(of=("self",)).get(pk=attempt.pk)
    if not State(locked.state).is_open:
        raise LabError(_("It has ended already: “%(state)s”.") % {"state": locked.get_state_display()})
    locked.state, locked.finished_at = State.CANCELLED, timezone.now()
    locked.save(update_fields=["state", "finished_at"])
    audit.record(kind, actor=actor, subject=locked, data={})
