"""Trainings as people read them: how far each came, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from modelling.models import State, TrainingRun

LISTED = 25
# Beside the folds: features, final booster, report, fairness.
OTHER_STEPS = 4
USUAL_FOLDS = 5  # of a training from before it was written down how many were asked for


@dataclass(frozen=True)
class Training:
    """One attempt. steps: those done, with the seconds from its start. count: of its steps in all."""

    run: TrainingRun
    steps: tuple[tuple[str, float], ...]
    count: int

    @property
    def is_open(self) -> bool:
        """Tell whether it has yet to end."""
        return State(self.run.state).is_open

    @property
    def share(self) -> float:
        """Return how much of it is done, 0 to 1."""
        return min(len(self.steps) / self.count, 1.0)

    @property
    def last_step(self) -> str:
        """Return the last step done; "" before the first."""
        return self.steps[-1][0] if self.steps else ""

    @property
    def seconds_a_step(self) -> float | None:
        """Return how long its steps took on average; None before the first."""
        return self.steps[-1][1] / len(self.steps) if self.steps else None

    def seconds_left(self, *, now: datetime) -> float | None:
        """Return how long the other steps take if they are as long as those done; None where that cannot be told."""
        if self.seconds_a_step is None or self.run.state != State.RUNNING:
            return None
        since_last_step = (now - self.run.started_at).total_seconds() - self.steps[-1][1]
        return max((self.count - len(self.steps)) * self.seconds_a_step - since_last_step, 0.0)


def trainings() -> list[Training]:
    """Return the last trainings, the newest first."""
    return [_training(run) for run in _runs().order_by("-started_at")[:LISTED]]


def find_training(number: int) -> Training:
    """Return a training by its number. Raises Http404."""
    run = _runs().filter(pk=number).first()
    if run is None:
        raise Http404(_("There is no training %(number)s.") % {"number": number})
    return _training(run)


def _runs() -> QuerySet[TrainingRun]:
    return TrainingRun.objects.select_related("version", "asked_by").defer("version__report", "version__features")


def _training(run: TrainingRun) -> Training:
    done = sorted(run.figures.items(), key=lambda step: step[1])
    return Training(run, tuple(done), run.asked.get("folds", USUAL_FOLDS) + OTHER_STEPS)
