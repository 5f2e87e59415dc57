"""The shares of the recommendations as one bar, a piece each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import template

from applications.selectors.portfolio import Share

register = template.Library()

WIDTH, SEAM = 100.0, 0.6


@dataclass(frozen=True)
class Piece:
    """One piece in a drawing 100 wide."""

    recommendation: str
    x: float
    width: float


@register.simple_tag
def stacked(shares: Iterable[Share]) -> tuple[Piece, ...]:
    """Return the pieces one after the other, a seam between them so that they are told apart without colour."""
    pieces, x = [], 0.0
    for share in shares:
        width = share.share * WIDTH
        pieces.append(Piece(share.recommendation.value, x, max(width - SEAM, 0.0)))
        x += width
    return tuple(pieces)
