"""The probability on a linear scale: the portfolio behind it, the policy's bands, the thresholds, the client's mark.

Drawn by the server as SVG, so all numbers here are places in a drawing WIDTH wide; shares are in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass

from applications.models import Policy, Recommendation
from modelling.population import HISTOGRAM_BINS, HISTOGRAM_TOP, Population

WIDTH = 300.0
PORTFOLIO_FLOOR, PORTFOLIO_HEIGHT = 46.0, 40.0
TOPS = (0.4, 0.6, 0.8, 1.0)
GAP = 1.0  # between two bands
ROOM_FOR_TICK, ROOM_FOR_WORD = 34.0, 46.0


@dataclass(frozen=True)
class Band:
    """One band of the policy. centre: where its word stands; None when the word has no room."""

    recommendation: Recommendation
    x: float
    width: float
    centre: float | None


@dataclass(frozen=True)
class Tick:
    """A share written under the scale; anchor is start, middle or end."""

    share: float
    x: float
    anchor: str


@dataclass(frozen=True)
class ProbabilityScale:
    """All that the drawing shows. portfolio: an SVG path, "" when no portfolio is known."""

    probability: float
    client: float
    bands: tuple[Band, ...]
    ticks: tuple[Tick, ...]
    portfolio: str


def probability_scale(probability: float, policy: Policy, population: Population | None) -> ProbabilityScale:
    """Return the drawing of a probability under a policy; the scale ends at 40 % unless something lies beyond."""
    top = next(top for top in TOPS if max(probability, min(policy.refuse_from + 0.02, 1.0)) <= top)
    return ProbabilityScale(
        probability=probability,
        client=_x(probability, top),
        bands=_bands(policy, top),
        ticks=_ticks(policy, top),
        portfolio=_portfolio(population.histogram, top) if population else "",
    )


def _x(share: float, top: float) -> float:
    return share / top * WIDTH


def _bands(policy: Policy, top: float) -> tuple[Band, ...]:
    accept, refuse = _x(policy.accept_below, top), _x(policy.refuse_from, top)
    edges = (
        (Recommendation.ACCEPT, 0.0, accept),
        (Recommendation.REFER, accept + GAP, refuse),
        (Recommendation.REFUSE, refuse + GAP, WIDTH),
    )
    return tuple(_band(recommendation, x, end - x) for recommendation, x, end in edges if end > x)


def _band(recommendation: Recommendation, x: float, width: float) -> Band:
    return Band(recommendation, x, width, x + width / 2 if width >= ROOM_FOR_WORD else None)


def _ticks(policy: Policy, top: float) -> tuple[Tick, ...]:
    """Write both thresholds and those ends of the scale that are not too close to one."""
    accept, refuse = _x(policy.accept_below, top), _x(policy.refuse_from, top)
    is_tight = refuse - accept < ROOM_FOR_TICK
    ticks = [Tick(policy.accept_below, accept, "end" if is_tight else "middle")]
    if refuse > accept:
        ticks.append(Tick(policy.refuse_from, refuse, "start" if is_tight else "middle"))
    if accept >= ROOM_FOR_TICK * 1.5:
        ticks.insert(0, Tick(0.0, 0.0, "start"))
    if WIDTH - refuse >= ROOM_FOR_TICK * 1.5:
        ticks.append(Tick(top, WIDTH, "end"))
    return tuple(ticks)


def _portfolio(histogram: tuple[int, ...], top: float) -> str:
    """Draw the bins below HISTOGRAM_TOP as an outline; the last count, of all above, has no width and is left out."""
    counts = histogram[:HISTOGRAM_BINS]
    highest = max(counts, default=0)
    if not highest:
        return ""
    step = _x(HISTOGRAM_TOP, top) / HISTOGRAM_BINS
    floor = PORTFOLIO_FLOOR
    tops = [(index * step, floor - PORTFOLIO_HEIGHT * count / highest) for index, count in enumerate(counts)]
    outline = " ".join(f"V{y:.1f} H{x + step:.2f}" for x, y in tops)
    return f"M0,{floor:.0f} {outline} V{floor:.0f} Z"
