"""The few facts worth a sentence, of the hundred contributions that made a probability."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelling.bundle import Bundle
from modelling.encoding import Matrix
from modelling.features.catalogue import CATALOGUE
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


def reasons(bundle: Bundle, values: Matrix, contributions: Matrix, most: int = MOST) -> list[Reasons]:
    """Choose for each client the facts worth a sentence: at most `most` a side, strongest first.

    values, contributions: n × k, one row a client. Features that tell of one fact are summed, for they lean on one
    another: what they say together is the reason, and the one that says it loudest speaks for them. A fact that moved
    nothing is never a reason.
    """
    facts, count = _facts(bundle, values)
    rows = np.arange(len(values))[:, None]
    together = np.bincount((rows * count + facts).ravel(), contributions.ravel(), len(values) * count)
    by_fact = np.asarray(together.reshape(-1, count), dtype=np.float64)
    sides = [_side(bundle, sign * by_fact, sign * contributions, facts, most) for sign in (1, -1)]
    return [
        Reasons(tuple(raising), tuple(Reason(feature, -weight) for feature, weight in lowering))
        for raising, lowering in zip(*sides, strict=True)
    ]


def _side(
    bundle: Bundle, together: NDArray[np.float64], contributions: Matrix, facts: NDArray[np.intp], most: int
) -> list[list[Reason]]:
    """Give each client's facts that moved him up, with `together` and `contributions` signed so that up is positive."""
    strongest = np.argsort(-together, axis=1, kind="stable")[:, :most]
    weights = np.take_along_axis(together, strongest, axis=1)
    speakers = np.empty_like(strongest)
    for place in range(strongest.shape[1]):
        is_of_fact = facts == strongest[:, place, None]
        speakers[:, place] = np.where(is_of_fact, contributions, -np.inf).argmax(axis=1)
    names = bundle.features
    return [
        [Reason(names[speaker], weight) for speaker, weight in zip(spoken, weighed, strict=True) if weight > 0]
        for spoken, weighed in zip(speakers.tolist(), weights.tolist(), strict=True)
    ]


def _facts(bundle: Bundle, values: Matrix) -> tuple[NDArray[np.intp], int]:
    """Number the fact that each value tells of, n × k, and count the numbers given.

    It is the feature's family, or, when the value is missing for want of a credit history, that there is none.
    """
    told = [(family(name), _no_history(name)) for name in bundle.features]
    known: Mapping[str, int] = {name: place for place, name in enumerate(dict.fromkeys(sum(told, ())))}
    told_by_value, told_by_absence = np.array([[known[with_value], known[without]] for with_value, without in told]).T
    return np.where(np.isnan(values), told_by_absence, told_by_value), len(known)


def _no_history(feature: str) -> str:
    if not is_of_history(feature):
        return family(feature)
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
