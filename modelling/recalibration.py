"""The last step from a booster's raw log-odds to a probability that means what it says.

There are two kinds, a line and a curve. Both rise strictly, so the order of clients never changes, and both carry an
explanation: see `secants`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from modelling.errors import BundleError

Floats = NDArray[np.float64]
NEAR = 1e-7  # closer than this, a secant is the curve's own slope: the quotient would be rounding


@dataclass(frozen=True)
class PlattLine:
    """A straight line on the log-odds scale: calibrated = slope · raw + intercept (Platt 1999, Cox 1958)."""

    slope: float
    intercept: float

    def __post_init__(self) -> None:
        if not self.slope > 0:
            raise BundleError(f"A calibration slope is above zero; came {self.slope}.")

    def log_odds(self, raw: Floats) -> Floats:
        """Give calibrated log-odds, same shape as the raw ones."""
        return self.slope * raw + self.intercept

    def secants(self, raw: Floats, base: float) -> Floats:  # noqa: ARG002 - a line has one slope wherever it is cut
        """Give the factors from raw to calibrated contributions, same shape as raw: the slope itself."""
        return np.full_like(raw, self.slope)

    def to_json(self) -> dict[str, Any]:
        """Give what `recalibration_of_json` reads back."""
        return {"kind": "platt", "slope": self.slope, "intercept": self.intercept}


@dataclass(frozen=True)
class IsotonicCurve:
    """A rising curve on the log-odds scale: straight between its knots, of slope `outside` beyond them.

    raw, calibrated: the knots, both strictly rising. Straight between knots, where plain isotonic regression is flat,
    it leaves no two clients tied; finite knots and a slope beyond them keep every probability inside (0, 1).
    """

    raw: tuple[float, ...]
    calibrated: tuple[float, ...]
    outside: float

    def __post_init__(self) -> None:
        if len(self.raw) != len(self.calibrated) or not self.raw:
            raise BundleError(f"A curve has as many raw as calibrated knots: {len(self.raw)}, {len(self.calibrated)}.")
        if not (_rises(self.raw) and _rises(self.calibrated) and self.outside > 0):
            raise BundleError("A calibration curve rises strictly, between its knots and beyond; this one does not.")

    def log_odds(self, raw: Floats) -> Floats:
        """Give calibrated log-odds, same shape as the raw ones."""
        beyond = np.minimum(raw - self.raw[0], 0) + np.maximum(raw - self.raw[-1], 0)
        return np.asarray(np.interp(raw, self.raw, self.calibrated) + self.outside * beyond)

    def secants(self, raw: Floats, base: float) -> Floats:
        """Give the factors from raw to calibrated contributions, same shape as raw, each above zero.

        Contributions lead from the base to the row's raw log-odds; the straight way between those two points of the
        curve has one slope, so each contribution keeps its sign and its share of the row, and they sum to the
        calibrated log-odds less that of the base (the rescale rule: Shrikumar 2017).
        """
        is_near = np.abs(raw - base) < NEAR
        gap = np.where(is_near, NEAR, raw - base)
        rise = self.log_odds(base + gap) - self.log_odds(np.asarray(base))
        return np.asarray(rise / gap)

    def to_json(self) -> dict[str, Any]:
        """Give what `recalibration_of_json` reads back."""
        knots = {"raw": list(self.raw), "calibrated": list(self.calibrated)}
        return {"kind": "isotonic", **knots, "outside": self.outside}


Recalibration = PlattLine | IsotonicCurve


def recalibration_of_json(facts: dict[str, Any]) -> Recalibration:
    """Read a calibration back; raises BundleError for a kind this code does not know."""
    match facts.get("kind"):
        case "platt":
            return PlattLine(slope=float(facts["slope"]), intercept=float(facts["intercept"]))
        case "isotonic":
            return IsotonicCurve(tuple(facts["raw"]), tuple(facts["calibrated"]), float(facts["outside"]))
        case kind:
            raise BundleError(f"The calibration is of kind {kind!r}; this version reads 'platt' and 'isotonic' only.")


def probability_of(log_odds: Floats) -> Floats:
    """Give the probability of default in [0, 1] of log-odds."""
    return np.asarray(expit(log_odds), dtype=np.float64)


def _rises(knots: tuple[float, ...]) -> bool:
    return all(before < after for before, after in pairwise(knots))
