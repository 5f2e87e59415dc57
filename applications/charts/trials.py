"""The trials of a search of settings, one after the other, with the best so far."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from applications.selectors.studies import StudyCard
from applications.templatetags.lab_words import MEASURES
from modelling.training.search import Objective


@dataclass(frozen=True)
class TrialsChart:
    """The figure. points: (number of the trial from 1, value). best: the best value up to each of them."""

    x_title: str
    y_title: str
    trial_label: str
    best_label: str
    points: tuple[tuple[int, float], ...]
    best: tuple[tuple[int, float], ...]

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return asdict(self)


def trials_chart(study: StudyCard) -> TrialsChart:
    """Return the figure of a study; a trial that was given up has no point."""
    points = tuple((trial["number"] + 1, trial["value"]) for trial in study.trials if trial["value"] is not None)
    better = min if study.objective is Objective.COST else max
    best = tuple(
        (number, better(value for _number, value in points[: place + 1])) for place, (number, _v) in enumerate(points)
    )
    return TrialsChart(
        x_title=_("trial"),
        y_title=str(MEASURES[study.objective]),
        trial_label=_("one trial"),
        best_label=_("the best so far"),
        points=points,
        best=best,
    )
