"""Searches of settings as people read them: what each seeks, its trials and the best of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from modelling.models import State, Study
from modelling.training.search import Objective

LISTED = 50

Trial = Mapping[str, Any]


@dataclass(frozen=True)
class StudyCard:
    """A study as it stands. A trial has a number, settings, a value (None when it was given up) and its folds."""

    row: Study

    @property
    def is_open(self) -> bool:
        """Tell whether it is at work, or waits to be."""
        return State(self.row.state).is_open

    @property
    def objective(self) -> Objective:
        """Return what it seeks."""
        return Objective(self.row.asked["objective"])

    @property
    def trials(self) -> list[Trial]:
        """Return its trials that ended, in order."""
        return list(self.row.results)

    @cached_property
    def best(self) -> Trial | None:
        """Return the best of its trials; None while none has a value."""
        sign = -1 if self.objective is Objective.COST else 1
        with_value = [trial for trial in self.trials if trial["value"] is not None]
        return max(with_value, key=lambda trial: sign * trial["value"], default=None)

    @property
    def given_up(self) -> int:
        """Return how many trials were given up early."""
        return sum(trial["value"] is None for trial in self.trials)

    @property
    def standard(self) -> Trial | None:
        """Return the trial of the standard settings, the first of every study."""
        return self.trials[0] if self.trials else None

    @property
    def settings(self) -> list[tuple[str, float, float | None, float | None]]:
        """Return each setting: its name, the best trial's value, the standard one, its share of what counts.

        The share is None where there are too few trials to tell. What counts most comes first.
        """
        if self.best is None or self.standard is None:
            return []
        counts, standard = self.row.importance, self.standard["settings"]
        names = sorted(self.best["settings"], key=lambda name: -counts.get(name, 0.0))
        return [(name, self.best["settings"][name], standard.get(name), counts.get(name)) for name in names]

    @property
    def table(self) -> list[tuple[int, float | None, list[float | None]]]:
        """Return each trial's number from 1, its value and its settings in the order of `settings`."""
        names = [name for name, *_others in self.settings]
        return [
            (trial["number"] + 1, trial["value"], [trial["settings"].get(name) for name in names])
            for trial in self.trials
        ]

    @property
    def done_in_this_run(self) -> int:
        """Return how many trials were added since it was begun or gone on with last."""
        return len(self.trials) - self.row.trials_before

    def share(self, *, now: datetime) -> float:
        """Return how much of what this run may do is done, 0 to 1: of its trials, or of its minutes."""
        wanted = (self.row.trials or 0) - self.row.trials_before
        by_trials = self.done_in_this_run / wanted if wanted > 0 else 0.0
        by_time = self._seconds(now) / (60 * self.row.minutes) if self.row.minutes else 0.0
        return min(max(by_trials, by_time), 1.0)

    def seconds_a_trial(self, *, now: datetime) -> float | None:
        """Return how long a trial of this run took on average; None before the first."""
        return self._seconds(now) / self.done_in_this_run if self.done_in_this_run > 0 else None

    def seconds_left(self, *, now: datetime) -> float | None:
        """Return how long this run may still take; None where that cannot be told."""
        a_trial = self.seconds_a_trial(now=now)
        ends = [] if self.row.minutes is None else [60 * self.row.minutes - self._seconds(now)]
        if self.row.trials is not None and a_trial is not None:
            ends.append((self.row.trials - len(self.trials)) * a_trial)
        return max(min(ends), 0.0) if ends and self.row.state == State.RUNNING else None

    def _seconds(self, now: datetime) -> float:
        return (now - self.row.started_at).total_seconds()


def studies() -> list[StudyCard]:
    """Return the studies, the one last at work first."""
    return [StudyCard(row) for row in Study.objects.select_related("asked_by").order_by("-started_at")[:LISTED]]


def find_study(number: int) -> StudyCard:
    """Return a study by its number. Raises Http404."""
    row = Study.objects.select_related("asked_by").filter(pk=number).first()
    if row is None:
        raise Http404(_("There is no search of settings %(number)s.") % {"number": number})
    return StudyCard(row)
