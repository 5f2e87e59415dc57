"""The small bar of the list: a probability on a scale to 40 %, and the threshold's mark."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

register = template.Library()

WIDTH, TOP, MARK = 92.0, 0.4, 2.0


@dataclass(frozen=True)
class MiniBar:
    """Places in a drawing 92 wide."""

    fill: float
    threshold: float


@register.simple_tag
def mini_bar(probability: float, threshold: float) -> MiniBar:
    """Return where the bar ends and where the threshold stands; beyond 40 % the bar is full."""
    return MiniBar(fill=min(probability / TOP, 1) * WIDTH, threshold=min(threshold / TOP, 1) * (WIDTH - MARK))
