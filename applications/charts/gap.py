"""Where a probability stands to the policy's thresholds, how sure that is, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv

from applications.models import Policy, Recommendation
from modelling.population import RiskBin

NEAR_AT_LEAST, NEAR_AT_MOST = 0.01, 0.03
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """What became of validation clients of about this probability: how many, which share defaulted, how sure.

    from_probability, to_probability: what "about" means. low, high: the 95 % interval of that share (Jeffreys: the beta
    posterior under the prior Beta(1/2, 1/2)).
    """

    from_probability: float
    to_probability: float
    clients: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Gap:
    """Signed differences to both thresholds, in shares of 1; and which of them the probability is close to, if any."""

    probability: float
    accept_below: float
    refuse_from: float
    to_accept: float
    to_refuse: float
    near: Recommendation | None

    @property
    def is_below_accept(self) -> bool:
        """Tell whether the probability lies in the band where the policy grants."""
        return self.to_accept < 0

    @property
    def is_above_refuse(self) -> bool:
        """Tell whether the probability lies in the band where the policy refuses."""
        return self.to_refuse >= 0

    @property
    def of_a_hundred(self) -> int:
        """Give how many clients in a hundred like this one default, rounded; 0 means fewer than one."""
        return round(self.probability * 100)


def gap_of(probability: float, policy: Policy, interval: Interval | None) -> Gap:
    """Return where a probability stands under a policy."""
    return Gap(
        probability=probability,
        accept_below=policy.accept_below,
        refuse_from=policy.refuse_from,
        to_accept=probability - policy.accept_below,
        to_refuse=probability - policy.refuse_from,
        near=_near(probability, policy, interval),
    )


def interval_of(probability: float, bins: tuple[RiskBin, ...]) -> Interval | None:
    """Return what became of the validation clients in this probability's bin; None when nothing was kept."""
    found = next((each for each in bins if probability <= each.high), bins[-1] if bins else None)
    if found is None or not found.clients:
        return None
    tail, spared = (1 - CONFIDENCE) / 2, found.clients - found.defaults
    low, high = (float(betaincinv(found.defaults + 0.5, spared + 0.5, share)) for share in (tail, 1 - tail))
    return Interval(found.low, found.high, found.clients, found.defaults / found.clients, low, high)


def _near(probability: float, policy: Policy, interval: Interval | None) -> Recommendation | None:
    """Name the nearer threshold if it is no further than the interval reaches: one point at least, three at most."""
    distances = {
        Recommendation.ACCEPT: abs(probability - policy.accept_below),
        Recommendation.REFUSE: abs(probability - policy.refuse_from),
    }
    nearest = min(distances, key=lambda name: distances[name])
    reach = (interval.high - interval.low) / 2 if interval else 0.0
    return nearest if distances[nearest] <= min(max(reach, NEAR_AT_LEAST), NEAR_AT_MOST) else None
