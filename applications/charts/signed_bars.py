"""The contributions as signed bars: a table whose last column is drawn, each bar to the same scale."""

from __future__ import annotations

from dataclasses import dataclass

from applications.charts.reading import Factor, Reading

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
class SignedBars:
    """The rows, and the sum of all other factors with its own bar."""

    rows: tuple[Row, ...]
    rest: float
    rest_count: int
    rest_bar: Bar
    base: float
    log_odds: float


def signed_bars(reading: Reading) -> SignedBars:
    """Return the drawing of a reading; its longest bar fills its side."""
    sizes = [abs(factor.contribution) for factor in reading.factors]
    largest = max([*sizes, abs(reading.rest)], default=0.0) or 1.0
    total = reading.base + sum(factor.contribution for factor in reading.factors) + reading.rest
    return SignedBars(
        rows=tuple(Row(factor, _bar(factor.contribution, largest)) for factor in reading.factors),
        rest=reading.rest,
        rest_count=reading.rest_count,
        rest_bar=_bar(reading.rest, largest),
        base=reading.base,
        log_odds=total,
    )


def _bar(contribution: float, largest: float) -> Bar:
    width = abs(contribution) / largest * LONGEST
    return Bar(x=0.0 if contribution > 0 else -width, width=width, direction="up" if contribution > 0 else "down")
