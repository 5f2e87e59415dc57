"""What an assessment says, feature by feature, in the reader's language: labels, values, norms, contributions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from applications.categories import category_label
from applications.models import Assessment
from applications.models.assessment import unpack
from applications.templatetags.feature_words import in_language
from modelling.bundle import Bundle
from modelling.explanation import Position, position, strength, tells_of_no_history
from modelling.features.catalogue import CATALOGUE
from modelling.population import CategoryFacts, NumberFacts

MEDIAN = 3  # its place in modelling.population.QUANTILES
NO_SCALE = frozenset({"flag", "category"})

POSITION_WORDS = {
    Position.LOW: gettext_lazy("low value"),
    Position.MIDDLE: gettext_lazy("usual value"),
    Position.HIGH: gettext_lazy("high value"),
}

# By whether it is the history with other lenders.
LITTLE_HISTORY = {
    True: (
        gettext_lazy("Little credit history elsewhere"),
        gettext_lazy("Other lenders report no credit of the kind that this fact is taken from."),
    ),
    False: (
        gettext_lazy("Little credit history with us"),
        gettext_lazy("The client had no loan with us of the kind that this fact is taken from."),
    ),
}


@dataclass(frozen=True)
class Factor:
    """One feature of the client: its words, its value, and by how much it moved the log-odds (signed).

    where: the value's place among all clients in words, "" where that says nothing. median: that of all clients, and
    share: of all clients with the same word; None where it does not apply. source: the table it is taken from.
    """

    name: str
    label: str
    sentence: str
    value: float | str | None
    unit: str
    contribution: float
    strength: int
    where: str
    median: float | None
    share: float | None
    is_opaque: bool
    source: str = "application"


@dataclass(frozen=True)
class Together:
    """Several features as one: how many, and the sum of their contributions."""

    count: int
    contribution: float


NOTHING = Together(0, 0.0)


@dataclass(frozen=True)
class Reading:
    """An assessment's explanation: its features by falling size, the rest as one sum.

    folded: the external scores, when the reader wants them out of sight.
    base + the factors' contributions + folded + rest = log-odds of the probability.
    """

    base: float
    factors: tuple[Factor, ...]
    rest: Together
    folded: Together = NOTHING

    @property
    def log_odds(self) -> float:
        """Give the log-odds of the probability."""
        shown = sum(factor.contribution for factor in self.factors)
        return self.base + shown + self.folded.contribution + self.rest.contribution

    @property
    def count(self) -> int:
        """Give how many features it stands for."""
        return len(self.factors) + self.folded.count + self.rest.count


@dataclass(frozen=True)
class Reasons:
    """The features said aloud, those that raise the risk and those that lower it."""

    raising: tuple[Factor, ...]
    lowering: tuple[Factor, ...]

    @property
    def name_an_opaque_score(self) -> bool:
        """Tell whether any of them is a score whose making the lender does not know."""
        return any(factor.is_opaque for factor in (*self.raising, *self.lowering))


def read(assessment: Assessment, bundle: Bundle, *, most: int, is_folded: bool = False) -> Reading:
    """Return the `most` largest contributions of an assessment, largest first, and the sum of the others.

    is_folded: the external scores are not among them, but summed apart.
    """
    contributions = unpack(assessment.contributions)
    order = np.argsort(-np.abs(contributions), kind="stable")
    is_hidden = np.array([is_folded and is_opaque(bundle.features[place]) for place in order], dtype=bool)
    shown, rest = order[~is_hidden][:most], order[~is_hidden][most:]
    return Reading(
        base=assessment.base,
        factors=_factors(assessment, bundle, shown.tolist()),
        rest=_together(contributions, rest),
        folded=_together(contributions, order[is_hidden]),
    )


def is_opaque(feature: str) -> bool:
    """Tell whether a feature is an external score, whose making the lender does not know."""
    return feature in CATALOGUE and CATALOGUE[feature].opaque


def source_of(feature: str) -> str:
    """Give the table a feature is taken from; the application's own where that is not known any more."""
    return CATALOGUE[feature].source if feature in CATALOGUE else "application"


def _together(contributions: NDArray[np.float32], places: NDArray[np.intp]) -> Together:
    return Together(len(places), float(contributions[places].sum(dtype=np.float64)))


def reasons_of(assessment: Assessment, bundle: Bundle) -> Reasons:
    """Return the reasons stored with an assessment, in words."""
    return Reasons(
        raising=_said(assessment, bundle, assessment.reasons["raising"]),
        lowering=_said(assessment, bundle, assessment.reasons["lowering"]),
    )


def _said(assessment: Assessment, bundle: Bundle, stored: Sequence[Mapping[str, Any]]) -> tuple[Factor, ...]:
    values = unpack(assessment.values)
    places = {name: place for place, name in enumerate(bundle.features)}
    return tuple(
        _as_fact(_factor(bundle, place, float(values[place]), reason["contribution"]))
        for reason in stored
        if (place := places.get(reason["feature"])) is not None
    )


def _as_fact(factor: Factor) -> Factor:
    """Say "little history" where the value is missing for want of a credit history of that kind."""
    if factor.value is not None or not tells_of_no_history(factor.name, math.nan):
        return factor
    label, sentence = LITTLE_HISTORY[CATALOGUE[factor.name].source in {"bureau", "bureau_balance"}]
    return replace(factor, label=str(label), sentence=str(sentence), value="", median=None, share=None, where="")


def _factors(assessment: Assessment, bundle: Bundle, places: Iterable[int]) -> tuple[Factor, ...]:
    values, contributions = unpack(assessment.values), unpack(assessment.contributions)
    return tuple(_factor(bundle, place, float(values[place]), float(contributions[place])) for place in places)


def _factor(bundle: Bundle, place: int, value: float, contribution: float) -> Factor:
    name = bundle.features[place]
    feature = CATALOGUE.get(name)  # an older bundle may know features that the catalogue has dropped
    unit = str(feature.unit) if feature else ""
    facts = bundle.population.features[name]
    meaning = bundle.encoding.meaning(name, value)
    return Factor(
        name=name,
        label=in_language(feature.label) if feature else name,
        sentence=in_language(feature.sentence) if feature else "",
        value=category_label(name, meaning) if isinstance(meaning, str) else meaning,
        unit=unit,
        contribution=contribution,
        strength=strength(contribution),
        where="" if unit in NO_SCALE else str(POSITION_WORDS.get(position(facts, value), "")),
        median=_median(facts.quantiles, unit) if isinstance(facts, NumberFacts) else None,
        share=facts.shares.get(meaning) if isinstance(facts, CategoryFacts) and isinstance(meaning, str) else None,
        is_opaque=is_opaque(name),
        source=source_of(name),
    )


def _median(quantiles: Sequence[float], unit: str) -> float | None:
    return quantiles[MEDIAN] if quantiles and unit not in NO_SCALE else None
