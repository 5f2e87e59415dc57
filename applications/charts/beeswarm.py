"""Every dot a client: how far a feature moved that client's log-odds, and whether the value was low or high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import nan

import numpy as np
from django.utils.translation import gettext

from applications.categories import category_label
from applications.selectors.importance import InForce
from applications.templatetags.feature_words import in_language
from applications.templatetags.scoring_format import signed
from applications.templatetags.scoring_words import quantity
from modelling.bundle import Bundle
from modelling.explanation import Position, position
from modelling.features.catalogue import CATALOGUE
from modelling.influence import FeatureInfluence
from modelling.population import QUANTILES, FeatureFacts, NumberFacts

MOST_DOTS = 2_000


@dataclass(frozen=True)
class Dot:
    """One client. place: share of all clients with a lower value, 0 where values have no order."""

    contribution: float
    place: float
    position: Position
    text: str


@dataclass(frozen=True)
class Swarm:
    """The dots of one feature."""

    label: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Means:
    """The same dots in a row of a table: the mean contribution of those in each position; None where there is none.

    categories: each value of a category with its mean, the highest first; empty for a number.
    """

    name: str
    label: str
    low: float | None
    middle: float | None
    high: float | None
    missing: float | None
    categories: str


@dataclass(frozen=True)
class Beeswarm:
    """The figure. n: how many dots a feature has."""

    title: str
    unit: str
    source: str
    n: int
    raises: str
    lowers: str
    swarms: tuple[Swarm, ...]
    means: tuple[Means, ...]

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return {name: value for name, value in asdict(self).items() if name != "means"}


def beeswarm(used: InForce, *, most: int) -> Beeswarm | None:
    """Return the figure of the `most` most important features; None where no contributions were measured."""
    influence = used.bundle.influence
    if influence is None:
        return None
    shown = [(name, each) for name, each in influence.features.items() if each.values][:most]
    dots = {name: _dots(used.bundle, name, each, MOST_DOTS // len(shown)) for name, each in shown}
    return Beeswarm(
        title=gettext("How each value moves the risk"),
        unit=gettext("contribution to the log-odds of default"),
        source=gettext("model version %(number)s") % {"number": used.version.number},
        n=max(map(len, dots.values()), default=0),
        raises=gettext("raises the risk"),
        lowers=gettext("lowers the risk"),
        swarms=tuple(Swarm(_label(name), found) for name, found in dots.items()),
        means=tuple(_means(name, found) for name, found in dots.items()),
    )


def _label(name: str) -> str:
    return in_language(CATALOGUE[name].label) if name in CATALOGUE else name


def _dots(bundle: Bundle, name: str, influence: FeatureInfluence, most: int) -> tuple[Dot, ...]:
    facts, unit = bundle.population.features[name], str(CATALOGUE[name].unit) if name in CATALOGUE else ""
    dots = []
    for value, contribution in zip(influence.values[:most], influence.contributions[:most], strict=True):
        number = nan if value is None else value
        meaning = bundle.encoding.meaning(name, number)
        text = category_label(name, meaning) if isinstance(meaning, str) else quantity(meaning, unit)
        dots.append(Dot(round(contribution, 4), _place(facts, value), position(facts, number), text))
    return tuple(dots)


def _place(facts: FeatureFacts, value: float | None) -> float:
    if value is None or not isinstance(facts, NumberFacts) or not facts.quantiles:
        return 0.0
    return round(float(np.interp(value, facts.quantiles, QUANTILES)), 2)


def _means(name: str, dots: Sequence[Dot]) -> Means:
    of = {each: _mean([dot.contribution for dot in dots if dot.position is each]) for each in Position}
    return Means(
        name=name,
        label=_label(name),
        low=of[Position.LOW],
        middle=of[Position.MIDDLE],
        high=of[Position.HIGH],
        missing=of[Position.MISSING],
        categories=_categories([dot for dot in dots if dot.position is Position.CATEGORY]),
    )


def _categories(dots: Sequence[Dot]) -> str:
    texts = {dot.text for dot in dots}
    means = {text: _mean([dot.contribution for dot in dots if dot.text == text]) or 0.0 for text in texts}
    return " · ".join(f"{text} {signed(means[text])}" for text in sorted(texts, key=lambda text: (-means[text], text)))


def _mean(contributions: Sequence[float]) -> float | None:
    return sum(contributions) / len(contributions) if contributions else None
