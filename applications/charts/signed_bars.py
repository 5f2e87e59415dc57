"""The contributions as signed bars: a table whose last column is drawn, each bar to the same scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from applications.charts.reading import Factor, Reading, Together, source_of
from applications.models import Assessment
from applications.models.assessment import unpack
from modelling.bundle import Bundle

HALF = 100.0  # a drawing reaches from -HALF to HALF
LONGEST = 96.0


@dataclass(frozen=True)
class Bar:
    """One rectangle: where it begins and how wide it is, in a drawing from -100 to 100; up raises the risk."""

    x: float
    width: float
    direction: str


@dataclass(frozen=True)
class Row:
    """One factor with its bar."""

    factor: Factor
    bar: Bar


@dataclass(frozen=True)
class Sum:
    """Several features as one row; count is 0 when there are none."""

    count: int
    contribution: float
    bar: Bar


@dataclass(frozen=True)
class OriginGroup:
    """All features taken from one table: their sum, and those of them that are shown."""

    table: str
    total: Sum
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SignedBars:
    """The rows; then the external scores when they are folded, and the sum of all other factors."""

    rows: tuple[Row, ...]
    folded: Sum
    rest: Sum
    base: float
    log_odds: float


@dataclass(frozen=True)
class OriginBars:
    """The groups, the heaviest first; base and their sums give the log-odds."""

    groups: tuple[OriginGroup, ...]
    base: float
    log_odds: float


def signed_bars(reading: Reading) -> SignedBars:
    """Return the drawing of a reading; its longest bar fills its side."""
    largest = _largest([*_sizes(reading), reading.rest.contribution, reading.folded.contribution])
    return SignedBars(
        rows=_rows(reading.factors, largest),
        folded=_sum(reading.folded, largest),
        rest=_sum(reading.rest, largest),
        base=reading.base,
        log_odds=reading.log_odds,
    )


def origin_bars(reading: Reading, assessment: Assessment, bundle: Bundle) -> OriginBars:
    """Return all contributions summed by the table their feature is taken from, with the reading's factors in it."""
    totals = _totals(assessment, bundle)
    largest = _largest([*_sizes(reading), *(total.contribution for total in totals.values())])
    heaviest_first = sorted(totals, key=lambda table: -abs(totals[table].contribution))
    groups = (
        OriginGroup(
            table=table,
            total=_sum(totals[table], largest),
            rows=_rows((factor for factor in reading.factors if factor.source == table), largest),
        )
        for table in heaviest_first
    )
    return OriginBars(tuple(groups), reading.base, reading.log_odds)


def _totals(assessment: Assessment, bundle: Bundle) -> Mapping[str, Together]:
    contributions = unpack(assessment.contributions)
    places: dict[str, list[int]] = {}
    for place, name in enumerate(bundle.features):
        places.setdefault(source_of(name), []).append(place)
    return {
        table: Together(len(found), float(contributions[found].sum(dtype=np.float64)))
        for table, found in places.items()
    }


def _sizes(reading: Reading) -> list[float]:
    return [factor.contribution for factor in reading.factors]


def _largest(contributions: Iterable[float]) -> float:
    return max((abs(each) for each in contributions), default=0.0) or 1.0


def _rows(factors: Iterable[Factor], largest: float) -> tuple[Row, ...]:
    return tuple(Row(factor, _bar(factor.contribution, largest)) for factor in factors)


def _sum(together: Together, largest: float) -> Sum:
    return Sum(together.count, together.contribution, _bar(together.contribution, largest))


def _bar(contribution: float, largest: float) -> Bar:
    width = abs(contribution) / largest * LONGEST
    return Bar(x=0.0 if contribution > 0 else -width, width=width, direction="up" if contribution > 0 else "down")
