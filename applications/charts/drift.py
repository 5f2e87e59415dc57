"""A drift report as its pages tell it: features in words, bins with their bars, and lines over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext, gettext_lazy

from applications.categories import category_label
from applications.templatetags.feature_words import in_language
from applications.templatetags.scoring_format import plain
from modelling.drift import MODERATE, STRONG
from modelling.features.catalogue import CATALOGUE
from modelling.models import DriftFinding

TREND_WIDTH, TREND_HEIGHT = 320.0, 60.0


class Level(StrEnum):
    """How much something moved."""

    STABLE = "stable"
    MODERATE = "moderate"
    STRONG = "strong"


LEVEL_WORDS = {
    Level.STABLE: gettext_lazy("stable"),
    Level.MODERATE: gettext_lazy("moderate drift"),
    Level.STRONG: gettext_lazy("strong drift"),
}


@dataclass(frozen=True)
class Index:
    """A stability index with its word. share: for its bar, full at twice the limit of a strong drift."""

    value: float
    level: Level
    word: str
    share: float


@dataclass(frozen=True)
class Line:
    """One feature of the report."""

    finding: DriftFinding
    label: str
    index: Index


@dataclass(frozen=True)
class Bar:
    """One bin: the shares of training and of now, and for their bars each as a part of the largest."""

    label: str
    then: float
    now: float
    then_bar: float
    now_bar: float


@dataclass(frozen=True)
class Trend:
    """A line over time, in a drawing TREND_WIDTH × TREND_HEIGHT. limit: height of the line of a strong drift."""

    points: str
    limit: float
    last: tuple[float, float]


def index_of(psi: float) -> Index:
    """Return an index with the word for it."""
    level = Level.STRONG if psi >= STRONG else Level.MODERATE if psi >= MODERATE else Level.STABLE
    return Index(psi, level, str(LEVEL_WORDS[level]), min(psi / (2 * STRONG), 1.0))


def lines_of(findings: Sequence[DriftFinding]) -> tuple[Line, ...]:
    """Return the features of a report in the reader's language."""
    return tuple(Line(finding, label_of(finding.feature), index_of(finding.psi)) for finding in findings)


def label_of(feature: str) -> str:
    """Return a feature's name in the reader's language."""
    return in_language(CATALOGUE[feature].label) if feature in CATALOGUE else feature


def bars_of(finding: DriftFinding) -> tuple[Bar, ...]:
    """Return the bins of a feature; the last one is of missing values."""
    top = max([*finding.then, *finding.now, 1e-9])
    pairs = zip(_labels(finding), finding.then, finding.now, strict=True)
    return tuple(Bar(label, then, now, then / top, now / top) for label, then, now in pairs)


def trend(values: Sequence[float]) -> Trend | None:
    """Return the line of an index over time; None where one value makes no line."""
    if len(values) < 2:
        return None
    top = max([*values, 2 * STRONG])
    places = [
        (place / (len(values) - 1) * TREND_WIDTH, (1 - value / top) * TREND_HEIGHT)
        for place, value in enumerate(values)
    ]
    return Trend(" ".join(f"{x:.1f},{y:.1f}" for x, y in places), (1 - STRONG / top) * TREND_HEIGHT, places[-1])


def _labels(finding: DriftFinding) -> list[str]:
    words = [_word(finding.feature, level) for level in finding.levels] if finding.levels else _intervals(finding.edges)
    return [*words, gettext("missing")]


def _word(feature: str, level: str) -> str:
    return category_label(feature, level) if level else gettext("another word")


def _intervals(edges: Sequence[float]) -> list[str]:
    if not edges:
        return [gettext("any value")]
    between = gettext("%(low)s to %(high)s")
    return [
        gettext("below %(edge)s") % {"edge": plain(edges[0])},
        *(between % {"low": plain(low), "high": plain(high)} for low, high in pairwise(edges)),
        gettext("%(edge)s or more") % {"edge": plain(edges[-1])},
    ]
