"""How well probabilities did once outcomes are known: default rates by grade and group, and how sure each figure is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
CONFIDENCE = 0.95
# Upper ends of the grades, the last being 1: narrow where most clients are.
GRADES = (("A", 0.02), ("B", 0.04), ("C", 0.06), ("D", 0.09), ("E", 0.13), ("F", 0.20), ("G", 1.0))


class Interval(NamedTuple):
    """What a figure may be, with CONFIDENCE."""

    low: float
    high: float


@dataclass(frozen=True)
class Rate:
    """Defaults among clients of one kind. expected: the mean of their probabilities of default."""

    name: str
    clients: int
    defaults: int
    expected: float

    @property
    def observed(self) -> float:
        """Give the share that defaulted."""
        return self.defaults / self.clients

    @property
    def interval(self) -> Interval:
        """Give what the true rate may be."""
        return jeffreys(self.defaults, self.clients)

    @property
    def is_as_expected(self) -> bool:
        """Tell whether the expected rate lies within what the true one may be."""
        low, high = self.interval
        return low <= self.expected <= high


@dataclass(frozen=True)
class Ranking:
    """How well defaults were ranked. auc: None when all repaid or all defaulted."""

    clients: int
    defaults: int
    auc: float | None
    interval: Interval | None


def jeffreys(defaults: int, clients: int) -> Interval:
    """Give Jeffreys' interval of a rate: of Beta(defaults + ½, repaid + ½), open to 0 or 1 where all went one way.

    Its coverage is near the nominal one even for few clients and rare defaults (Brown, Cai and DasGupta 2001).
    """
    if not clients:
        return Interval(0.0, 1.0)
    belief = stats.beta(defaults + 0.5, clients - defaults + 0.5)
    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if defaults == 0 else float(belief.ppf(tail))
    return Interval(low, 1.0 if defaults == clients else float(belief.ppf(1 - tail)))


def rank(probability: Floats, default: NDArray[np.bool_]) -> Ranking:
    """Give the AUC of n clients with its interval (Hanley and McNeil 1982)."""
    bad, good = int(default.sum()), int((~default).sum())
    if not (bad and good):
        return Ranking(len(default), bad, None, None)
    ranks = stats.rankdata(probability)
    auc = float((ranks[default].sum() - bad * (bad + 1) / 2) / (bad * good))
    pair_of_bad, pair_of_good = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (bad - 1) * (pair_of_bad - auc**2) + (good - 1) * (pair_of_good - auc**2)
    margin = float(stats.norm.ppf((1 + CONFIDENCE) / 2) * np.sqrt(spread / (bad * good)))
    return Ranking(len(default), bad, auc, Interval(max(auc - margin, 0.0), min(auc + margin, 1.0)))


def rate(name: str, probability: Floats, default: NDArray[np.bool_]) -> Rate | None:
    """Give the default rate of clients of one kind; None when there is none."""
    if not len(default):
        return None
    return Rate(name, len(default), int(default.sum()), float(probability.mean()))


def by_grade(probability: Floats, default: NDArray[np.bool_]) -> list[Rate]:
    """Give the default rate of each grade that has clients, the safest first."""
    ends = [end for _, end in GRADES]
    places = np.searchsorted(ends[:-1], probability, side="right")
    are_of = {name: places == place for place, (name, _) in enumerate(GRADES)}
    found = (rate(name, probability[of_it], default[of_it]) for name, of_it in are_of.items())
    return [each for each in found if each is not None]
