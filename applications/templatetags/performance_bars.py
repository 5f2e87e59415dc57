"""The small drawing beside a default rate: what the true rate may be, and the mark of the expected one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from modelling.performance import Rate

register = template.Library()

WIDTH, LEAST_TOP = 200.0, 0.1


@dataclass(frozen=True)
class RateBar:
    """Places in a drawing 200 wide, on one scale for all rates of a table."""

    low: float
    width: float
    expected: float


@register.simple_tag
def rate_bar(rate: Rate, among: Sequence[Rate]) -> RateBar:
    """Return where the interval of a rate and the expected rate stand; nothing is cut off."""
    top = max([LEAST_TOP, *(max(each.interval.high, each.expected) for each in among)])
    low, high = (end / top * WIDTH for end in rate.interval)
    return RateBar(low, max(high - low, 1.0), min(rate.expected / top, 0.99) * WIDTH)
