"""How much each feature moves the probabilities of a population, and which way: a bundle's global explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class FeatureInfluence:
    """How one feature moved the log-odds of the clients looked at.

    mean_size: mean of the contributions without their signs. direction: Spearman's rank correlation of value and
    contribution, from -1 to 1; None for a category, or where all clients have one value.
    by_level: mean contribution of each level that LEVEL_SHARE of the clients have; empty for a number.
    when_missing: mean contribution of those without a value, None when they are fewer than that.
    values, contributions: one point each, of clients drawn anew for every feature, so that no client's values can be
    put together; a value is the code of its level or None. Empty for features that move little.
    """

    mean_size: float
    direction: float | None
    by_level: Mapping[str, float]
    when_missing: float | None
    values: tuple[float | None, ...]
    contributions: tuple[float, ...]


@dataclass(frozen=True)
class Influence:
    """The features of a bundle by falling influence on `clients` clients drawn from its training population."""

    clients: int
    features: Mapping[str, FeatureInfluence]

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {"clients": self.clients, "features": [{"name": name} | asdict(f) for name, f in self.features.items()]}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> Influence:
        """Read an influence back."""
        return cls(facts["clients"], {each["name"]: _feature_of_json(each) for each in facts["features"]})


def _feature_of_json(facts: Mapping[str, Any]) -> FeatureInfluence:
    return FeatureInfluence(
        mean_size=facts["mean_size"],
        direction=facts["direction"],
        by_level=dict(facts["by_level"]),
        when_missing=facts["when_missing"],
        values=tuple(facts["values"]),
        contributions=tuple(facts["contributions"]),
    )
