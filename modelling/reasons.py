"""The few facts worth a sentence, of the hundred contributions that made a probability."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelling.bundle import Bundle
from modelling.encoding import Matrix
from modelling.features.catalogue import CATALOGUE
from modelling.features.sayable import is_sayable
from modelling.features.similar_loans import FEATURES as OF_SIMILAR_LOANS

MOST = 4


class Reason(NamedTuple):
    """One fact that moved the probability, told by one feature. contribution: of all features of the fact together."""

    feature: str
    contribution: float


@dataclass(frozen=True)
class Reasons:
    """The facts that raised the risk and those that lowered it, each side the strongest first."""

    raising: tuple[Reason, ...]
    lowering: tuple[Reason, ...]


@dataclass(frozen=True)
class _Facts:
    """What each of k features tells of, as numbers of facts; it depends on the features alone.

    told_by_value, told_by_absence: k. value_is_sayable, absence_is_sayable: k. can_be_told: of each fact, whether
    anything that tells of it can be said.
    """

    told_by_value: NDArray[np.intp]
    told_by_absence: NDArray[np.intp]
    value_is_sayable: NDArray[np.bool_]
    absence_is_sayable: NDArray[np.bool_]
    can_be_told: NDArray[np.bool_]


def reasons(bundle: Bundle, values: Matrix, contributions: Matrix, most: int = MOST) -> list[Reasons]:
    """Choose for each client the facts worth a sentence: at most `most` a side, strongest first.

    values, contributions: n × k, one row a client. Features that tell of one fact are summed, for they lean on one
    another: what they say together is the reason, and of those that can be said aloud the one that says it loudest
    speaks for them. A fact that moved nothing, or that nothing can say, is never a reason.
    """
    facts, is_absent = _facts_of(bundle.features), np.isnan(values)
    count = len(facts.can_be_told)
    told = np.where(is_absent, facts.told_by_absence, facts.told_by_value)
    is_said = np.where(is_absent, facts.absence_is_sayable, facts.value_is_sayable)
    rows = np.arange(len(values))[:, None]
    together = np.bincount((rows * count + told).ravel(), contributions.ravel(), len(values) * count)
    by_fact = np.where(facts.can_be_told, together.reshape(-1, count), 0.0)
    sides = [
        _side(bundle, sign * by_fact, np.where(is_said, sign * contributions, -np.inf), told, most) for sign in (1, -1)
    ]
    return [
        Reasons(tuple(raising), tuple(Reason(feature, -weight) for feature, weight in lowering))
        for raising, lowering in zip(*sides, strict=True)
    ]


def _side(
    bundle: Bundle, together: NDArray[np.float64], voices: NDArray[np.float64], facts: NDArray[np.intp], most: int
) -> list[list[Reason]]:
    """Give each client's facts that moved him up, with `together` and `voices` signed so that up is positive.

    voices: n × k, what each feature contributes; -inf for one that cannot be said. One that pulls the other way is no
    witness for its fact.
    """
    strongest = np.argsort(-together, axis=1, kind="stable")[:, :most]
    weights = np.take_along_axis(together, strongest, axis=1)
    speakers = np.empty_like(strongest)
    for place in range(strongest.shape[1]):
        is_of_fact = facts == strongest[:, place, None]
        speakers[:, place] = np.where(is_of_fact, voices, -np.inf).argmax(axis=1)
    weights = np.where(np.take_along_axis(voices, speakers, axis=1) > 0, weights, 0.0)
    names = bundle.features
    return [
        [Reason(names[speaker], weight) for speaker, weight in zip(spoken, weighed, strict=True) if weight > 0]
        for spoken, weighed in zip(speakers.tolist(), weights.tolist(), strict=True)
    ]


@cache
def _facts_of(features: tuple[str, ...]) -> _Facts:
    """Number the facts that features tell of.

    A fact is the feature's family, or, when the value is missing for want of a credit history, that there is none.
    """
    told = [(family(name), _absence(name)) for name in features]
    numbers: Mapping[str, int] = {name: place for place, name in enumerate(dict.fromkeys(sum(told, ())))}
    by_value, by_absence = np.array([[numbers[with_value], numbers[without]] for with_value, without in told]).T
    sayable = np.array([name in CATALOGUE and is_sayable(CATALOGUE[name]) for name in features])
    of_history = np.array([is_of_history(name) for name in features])
    absent = of_history | (sayable & (by_absence == by_value))
    can_be_told = np.zeros(len(numbers), dtype=np.bool_)
    can_be_told[by_value[sayable]] = True
    can_be_told[by_absence[absent]] = True
    return _Facts(by_value, by_absence, sayable, absent, can_be_told)


def _absence(feature: str) -> str:
    """Give the fact a missing value tells of: that there is no credit history of that kind, or no car, or its own."""
    if not is_of_history(feature):
        return family(_WITHOUT.get(feature, feature))
    is_elsewhere = CATALOGUE[feature].source in {"bureau", "bureau_balance"}
    return f"no history: {'elsewhere' if is_elsewhere else 'here'}"


def is_of_history(feature: str) -> bool:
    """Tell whether a feature is of the credit history, so that a missing value tells there is none of that kind."""
    return feature in CATALOGUE and CATALOGUE[feature].source != "application"


_STATISTIC = re.compile(
    r"_(min|max|mean|sum|var|std|size|count|share|avg|mode|medi|median|last|last_\d+_(days|months)|\d+)$"
)
_AGAINST = re.compile(r"_against_(education|occupation|organization|contract)$")
# What the population taught says again, in another way, what the client's own figures say.
_RESTATES = {
    "expected_term_months": "credit_to_annuity_months",
    "implied_interest": "credit_to_annuity_months",
    **{feature.name: "credit_to_annuity_months" for feature in OF_SIMILAR_LOANS},
    "neighbours_default_share": "ext_source",
}
_WITHOUT = {"own_car_age": "flag_own_car"}  # who has no car has none of an age
_SCOPE = re.compile(r"_(active|closed|approved|refused|running|last_\d+(_days|_months)?)(?=_)")


def family(feature: str) -> str:
    """Give the fact a feature tells of: its name without the words for how, and over which lines, it was summed up.

    Those are statistics at the end ("_mean", "_avg", "_last_365_days") and scopes before it ("_active", "_last_3").
    All external scores are one family, since their mean, extremes and products restate the scores themselves. So do an
    amount and what it is against a group's median, and all that follows from the terms of the loan.
    """
    feature = _AGAINST.sub("", _RESTATES.get(feature, feature))
    if feature.startswith("ext_source"):
        return "ext_source"
    while (shorter := _STATISTIC.sub("", feature)) != feature:
        feature = shorter
    return _SCOPE.sub("", feature)
