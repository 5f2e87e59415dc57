"""The small drawing beside a default rate: what the true rate may be, and the mark of the expected one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import template

from modelling.performance import Rate

register = template.Library()

WIDTH, LEAST_TOP = 200.0, 0.1


@dataclass(frozen=True)
class RateBar:
    """Places in a drawing 200 wide, on one scale for all rates of a table. expected: of the mark."""

    low: float
    width: float
    expected: float


@register.simple_tag
def rate_bar(rate: Rate, among: Sequence[Rate]) -> RateBar:
    """Return where the interval of a rate and the expected rate stand; nothing is cut off."""
    top = max([LEAST_TOP, *(max(each.interval.high, each.expected) for each in among)])
    low, high = (end / top * WIDTH for end in rate.interval)
    return RateBar(low, max(high - low, 1.0), min(rate.expected / top, 0.99) * WIDTH)


@register.simple_tag
def figure_bar(figure: Mapping[str, float], among: Sequence[Mapping[str, float]]) -> RateBar:
    """Return where the interval of a figure and the figure itself stand, between the lowest and the highest end."""
    least, most = min(each["low"] for each in among), max(each["high"] for each in among)
    low, value, high = ((figure[side] - least) / ((most - least) or 1.0) * WIDTH for side in ("low", "value", "high"))
    return RateBar(low, max(high - low, 1.0), min(value, 0.99 * WIDTH))
