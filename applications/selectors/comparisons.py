"""Comparisons as people read them: kinds of model, and treatments of imbalance, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from modelling.models import ComparisonRun
from modelling.sentences import TITLES, of_treatment
from modelling.training.classification import beta_of
from modelling.training.cost import optimal_threshold

LISTED = 20

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Candidate:
    """One that was compared. words: what a treatment of imbalance does, in sentences; empty for a kind of model."""

    title: str
    figures: Figures
    words: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A comparison, as far as it is done. threshold: at which clients count as refused; beta: weight of recall."""

    run: ComparisonRun
    candidates: tuple[Candidate, ...]
    threshold: float
    beta: float

    @property
    def is_of_treatments(self) -> bool:
        """Tell whether treatments of imbalance are compared, not kinds of model."""
        return self.run.subject == ComparisonRun.Subject.SAMPLING

    @property
    def aucs(self) -> tuple[Figures, ...]:
        """Return the AUC of each candidate after calibration, to be drawn on one scale."""
        return tuple(each.figures["calibrated"]["auc"] for each in self.candidates)

    @property
    def share_done(self) -> float:
        """Return how far it has come, 0 to 1."""
        return self.run.folds_done / max(self.run.folds_in_all, 1)


def comparison_runs() -> QuerySet[ComparisonRun]:
    """Return the last comparisons, the newest first, without their figures."""
    return ComparisonRun.objects.defer("results").order_by("-started_at")[:LISTED]


def latest_comparisons() -> list[Comparison]:
    """Return the newest comparison of each subject that has a figure to show."""
    with_figures = ComparisonRun.objects.exclude(results={}).order_by("subject", "-started_at").distinct("subject")
    return [_comparison(run) for run in with_figures]


def find_comparison(number: int) -> Comparison:
    """Return a comparison by its number. Raises Http404."""
    run = ComparisonRun.objects.filter(pk=number).first()
    if run is None:
        raise Http404(_("There is no comparison %(number)s.") % {"number": number})
    return _comparison(run)


def _comparison(run: ComparisonRun) -> Comparison:
    terms = run.conditions["terms"]
    results = [run.results[name] for name in run.names if name in run.results]
    return Comparison(
        run=run,
        candidates=tuple(_candidate(run, figures) for figures in results),
        threshold=terms["threshold"] or optimal_threshold(terms["cost_ratio"]),
        beta=beta_of(terms["cost_ratio"]),
    )


def _candidate(run: ComparisonRun, figures: Figures) -> Candidate:
    is_treatment = run.subject == ComparisonRun.Subject.SAMPLING and "none" in run.results
    words = tuple(of_treatment(figures, run.results["none"])) if is_treatment else ()
    return Candidate(str(TITLES.get(figures["name"], figures["name"])), figures, words)
