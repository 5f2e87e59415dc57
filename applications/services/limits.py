"""What would have to change for the advice to become "grant": bounds on the loan asked for, found by trying.

A bounded search over the one application: smaller amounts over the same term, and smaller instalments over a longer
one. Every point is really assessed; nothing is extrapolated.
"""

from __future__ import annotations

from dataclasses import dataclass

from applications.models import Recommendation
from applications.services.assessing.computing import InForce
from applications.services.trials import Changes, assess_tables, variants
from modelling.features.tables import Tables

SHARES = tuple(share / 100 for share in range(95, 25, -5))  # of what was asked for, from 95 % down to 30 %
_SCALED = ("amt_credit", "amt_annuity", "amt_goods_price")


@dataclass(frozen=True)
class Limit:
    """A bound under which the advice is to grant. credit, annuity: euros, at most; probability: there."""

    credit: float
    annuity: float
    probability: float


@dataclass(frozen=True)
class Limits:
    """smaller: for a smaller loan over the same term; longer: for the same loan over a longer term.

    None where no point of the search was granted.
    """

    smaller: Limit | None
    longer: Limit | None


def limits_of(tables: Tables, used: InForce) -> Limits:
    """Search both ways for the one application of the tables.

    A bound counts only when every smaller value tried is granted as well, so that "at most" is true of all of them.
    """
    [asked] = tables.application.select(_SCALED).to_dicts()
    if not asked["amt_credit"] or not asked["amt_annuity"]:
        return Limits(None, None)
    smaller = [{name: amount * share for name, amount in asked.items() if amount} for share in SHARES]
    longer: list[Changes] = [{"amt_annuity": asked["amt_annuity"] * share} for share in SHARES]
    tried: list[Changes] = [*smaller, *longer]
    found = assess_tables(variants(tables, tried), used)
    points = [
        (_limit({**asked, **changes}, each.probability), each.recommendation == Recommendation.ACCEPT)
        for changes, each in zip(tried, found, strict=True)
    ]
    return Limits(_bound(points[: len(SHARES)]), _bound(points[len(SHARES) :]))


def _limit(asked: Changes, probability: float) -> Limit:
    return Limit(float(str(asked["amt_credit"])), float(str(asked["amt_annuity"])), probability)


def _bound(points: list[tuple[Limit, bool]]) -> Limit | None:
    """Return the largest value from which on down every point is granted."""
    bound = None
    for limit, is_granted in reversed(points):
        if not is_granted:
            break
        bound = limit
    return bound
