"""What a scored file says: its results in words, and how their probabilities lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from applications.charts.portfolio import Histogram, histogram
from applications.models import Recommendation, RiskLevel, ScoredFile
from applications.selectors.portfolio import Portfolio, counts_of, portfolio_from
from applications.templatetags.feature_words import in_language
from modelling.features.catalogue import CATALOGUE


@dataclass(frozen=True)
class Result:
    """What is said of one line, in words. number: None when the file gave none."""

    line: int
    number: int | None
    probability: float
    recommendation: Recommendation
    risk: str
    raising: tuple[str, ...]
    lowering: tuple[str, ...]


def results_of(results: Sequence[Mapping[str, Any]]) -> tuple[Result, ...]:
    """Return stored results in words."""
    return tuple(
        Result(
            line=each["line"],
            number=each["number"],
            probability=each["probability"],
            recommendation=Recommendation(each["recommendation"]),
            risk=str(RiskLevel(each["risk_level"]).label),
            raising=tuple(map(label_of, each["raising"])),
            lowering=tuple(map(label_of, each["lowering"])),
        )
        for each in results
    )


def label_of(feature: str) -> str:
    """Return what a feature is called; an older version may know one that the catalogue has dropped."""
    return in_language(CATALOGUE[feature].label) if feature in CATALOGUE else feature


def spread_of(file: ScoredFile) -> Portfolio:
    """Return how the results lie."""
    results: list[dict[str, Any]] = file.results or []
    said = {
        each: counts_of([result["probability"] for result in results if result["recommendation"] == each])
        for each in Recommendation
    }
    return portfolio_from(said, counted_at=file.uploaded_at)


def figure_of(file: ScoredFile, spread: Portfolio) -> Histogram:
    """Return the histogram of a scored file, with the thresholds of the policy it was scored under."""
    source = gettext("file %(name)s") % {"name": file.name}
    return replace(histogram(spread, file.policy, None), source=source)
