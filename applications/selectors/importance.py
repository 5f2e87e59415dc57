"""How much each feature counts for the model version in force."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from modelling import registry
from modelling.bundle import Bundle
from modelling.errors import BundleError, UnknownModelVersionError
from modelling.models import ModelVersion

logger = logging.getLogger(__name__)


class Measure(StrEnum):
    """What importance is measured by."""

    CONTRIBUTION = "contribution"  # mean size of the contributions to clients' log-odds
    GAIN = "gain"  # LightGBM's: what splits on the feature took off the training loss


@dataclass(frozen=True)
class Weight:
    """One feature's importance. share: of that of all features. of_largest: of that of the most important, rank 1."""

    share: float
    of_largest: float
    rank: int


@dataclass(frozen=True)
class InForce:
    """The champion and its bundle."""

    version: ModelVersion
    bundle: Bundle


@dataclass(frozen=True)
class Importance:
    """The features of a model version by falling importance. clients: how many were looked at; None for a gain."""

    model_number: int
    measure: Measure
    clients: int | None
    weights: Mapping[str, Weight]


def model_in_force() -> InForce | None:
    """Return the champion with its bundle; None when there is none, or its files cannot be read (which is logged)."""
    try:
        version = registry.champion()
        return InForce(version, registry.bundle_of(version))
    except UnknownModelVersionError:
        return None
    except BundleError:
        logger.exception("the bundle of the model version in force cannot be read")
        return None


def importance_of(used: InForce) -> Importance:
    """Return the importance of each feature: on clients where that was measured, otherwise by LightGBM's gain."""
    influence = used.bundle.influence
    if influence is None:
        return Importance(used.version.number, Measure.GAIN, None, _weights(_gains(used.bundle)))
    sizes = {name: each.mean_size for name, each in influence.features.items()}
    return Importance(used.version.number, Measure.CONTRIBUTION, influence.clients, _weights(sizes))


def _gains(bundle: Bundle) -> dict[str, float]:
    return dict(zip(bundle.features, bundle.booster.feature_importance("gain").tolist(), strict=True))


def _weights(sizes: Mapping[str, float]) -> dict[str, Weight]:
    whole, largest = sum(sizes.values()) or 1.0, max(sizes.values(), default=0.0) or 1.0
    ranked = sorted(sizes.items(), key=lambda item: -item[1])
    return {name: Weight(size / whole, size / largest, rank) for rank, (name, size) in enumerate(ranked, start=1)}
