"""Trainings as people read them: how far each came, and how it ended."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modelling.models import TrainingRun

LISTED = 25
# Beside the folds: features, final booster, report, fairness.
OTHER_STEPS = 4
_FOLD = re.compile(r"fold (\d+) of (\d+)")


@dataclass(frozen=True)
class Training:
    """One attempt. steps: the words of those done with the seconds from its start. share: of its steps, 0 to 1."""

    run: TrainingRun
    steps: tuple[tuple[str, float], ...]
    share: float

    @property
    def is_running(self) -> bool:
        """Tell whether it is under way."""
        return self.run.state == TrainingRun.State.RUNNING

    @property
    def last_step(self) -> str:
        """Return the words of the last step done; "" before the first."""
        return self.steps[-1][0] if self.steps else ""


def trainings() -> list[Training]:
    """Return the last trainings, the newest first."""
    runs = TrainingRun.objects.select_related("version").defer("version__report", "version__features")
    return [_training(run) for run in runs.order_by("-started_at")[:LISTED]]


def _training(run: TrainingRun) -> Training:
    done = sorted(run.figures.items(), key=lambda step: step[1])
    folds = next((int(fold[2]) for name, _seconds in done if (fold := _FOLD.fullmatch(name))), 0)
    share = len(done) / (folds + OTHER_STEPS) if folds else 0.0
    return Training(run, tuple((_words(name), seconds) for name, seconds in done), min(share, 1.0))


def _words(step: str) -> str:
    if fold := _FOLD.fullmatch(step):
        return _("fold %(number)s of %(all)s") % {"number": fold[1], "all": fold[2]}
    words = {
        "features": _("features computed"),
        "final booster": _("final trees grown"),
        "report": _("quality measured"),
        "fairness": _("fairness measured"),
    }
    return words.get(step, step)
