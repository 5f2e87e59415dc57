"""The strategies beside each other: what each would advise at the same probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from applications.models import Policy, Recommendation, RiskLevel, Strategy


@dataclass(frozen=True)
class Advised:
    """What one policy advises at a probability of default."""

    policy: Policy
    recommendation: Recommendation
    risk_level: RiskLevel


def policies_to_compare() -> tuple[Policy, ...]:
    """Return one policy a strategy, from the prudent one to the open one: the one in force, else the latest."""
    latest = Policy.objects.order_by("strategy", "-is_active", "-version").distinct("strategy")
    return tuple(sorted(latest, key=lambda policy: list(Strategy).index(Strategy(policy.strategy))))


def recommendations_under(probability: float, policies: Sequence[Policy]) -> tuple[Advised, ...]:
    """Return what each of these policies advises at a probability in [0, 1], in their order; queries nothing."""
    return tuple(Advised(each, each.recommend(probability), each.risk_level(probability)) for each in policies)
