"""The last step from a booster's raw log-odds to a probability that means what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from modelling.errors import BundleError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Recalibration:
    """A straight line on the log-odds scale: calibrated = slope · raw + intercept (Platt 1999, Cox 1958).

    The slope is above zero, so the order of clients never changes. Because it is a line, contributions on the raw scale
    become contributions on the calibrated scale by the same slope, and still sum to the score.
    """

    slope: float
    intercept: float

    def __post_init__(self) -> None:
        if not self.slope > 0:
            raise BundleError(f"A calibration slope is above zero; came {self.slope}.")

    def log_odds(self, raw: Floats) -> Floats:
        """Give calibrated log-odds, same shape as the raw ones."""
        return self.slope * raw + self.intercept

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {"kind": "platt", "slope": self.slope, "intercept": self.intercept}

    @classmethod
    def of_json(cls, facts: dict[str, Any]) -> Recalibration:
        """Read a calibration back; raises BundleError for a kind this code does not know."""
        if facts.get("kind") != "platt":
            raise BundleError(f"The calibration is of kind {facts.get('kind')!r}; this version reads 'platt' only.")
        return cls(slope=float(facts["slope"]), intercept=float(facts["intercept"]))


def probability_of(log_odds: Floats) -> Floats:
    """Give the probability of default in [0, 1] of log-odds."""
    return np.asarray(expit(log_odds), dtype=np.float64)
