"""What the training population looked like: the ground a client's values and probability are shown against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix

QUANTILES = (0.01, 0.05, 0.25, 0.50, 0.75, 0.95, 0.99)
HISTOGRAM_TOP = 0.4  # nearly no retail application stands above 40 %; those share one last bin
HISTOGRAM_BINS = 80
RISK_BINS = 20


@dataclass(frozen=True)
class NumberFacts:
    """The spread of a number: its quantiles at QUANTILES (empty when always missing) and the share missing."""

    quantiles: tuple[float, ...]
    missing_share: float


@dataclass(frozen=True)
class CategoryFacts:
    """The share of each level among all clients, and the share missing; together they sum to 1."""

    shares: Mapping[str, float]
    missing_share: float


FeatureFacts = NumberFacts | CategoryFacts


@dataclass(frozen=True)
class RiskBin:
    """A band of predicted probability, from `low` to `high`: how many clients fell in it, how many defaulted."""

    low: float
    high: float
    clients: int
    defaults: int


@dataclass(frozen=True)
class Population:
    """The training population: features, and probabilities predicted out of fold.

    histogram: clients a bin of equal width over [0, HISTOGRAM_TOP], then one bin for all above.
    bins: bands of (nearly) equal numbers of clients, rising.
    """

    clients: int
    features: Mapping[str, FeatureFacts]
    histogram: tuple[int, ...]
    bins: tuple[RiskBin, ...]

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return asdict(self)

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> Population:
        """Read a population back."""
        return cls(
            clients=facts["clients"],
            features={name: _facts_of_json(each) for name, each in facts["features"].items()},
            histogram=tuple(facts["histogram"]),
            bins=tuple(RiskBin(**each) for each in facts["bins"]),
        )


def observe(
    values: Matrix, encoding: Encoding, probability: NDArray[np.float64], target: NDArray[np.int8]
) -> Population:
    """Describe a training population: its encoded values and its out-of-fold probabilities, one row a client."""
    columns = enumerate(encoding.features)
    return Population(
        clients=len(values),
        features={name: _describe(values[:, place], encoding.levels.get(name)) for place, name in columns},
        histogram=probability_histogram(probability),
        bins=risk_bins(probability, target),
    )


def probability_histogram(probability: NDArray[np.float64]) -> tuple[int, ...]:
    """Count probabilities in HISTOGRAM_BINS bins of equal width, and one more for all from HISTOGRAM_TOP up."""
    edges = np.append(np.linspace(0.0, HISTOGRAM_TOP, HISTOGRAM_BINS + 1), np.inf)
    return tuple(int(count) for count in np.histogram(probability, edges)[0])


def risk_bins(probability: NDArray[np.float64], target: NDArray[np.int8], most: int = RISK_BINS) -> tuple[RiskBin, ...]:
    """Cut clients into at most `most` bands of equal numbers by rising probability, and count defaults in each."""
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, most) if len(part)]
    return tuple(
        RiskBin(
            low=float(probability[part[0]]),
            high=float(probability[part[-1]]),
            clients=len(part),
            defaults=int(target[part].sum()),
        )
        for part in parts
    )


def _describe(column: Matrix, levels: tuple[str, ...] | None) -> FeatureFacts:
    present = column[~np.isnan(column)]
    missing_share = 1.0 - len(present) / len(column)
    if levels is None:
        cuts = np.quantile(present.astype(np.float64), QUANTILES) if len(present) else ()
        return NumberFacts(quantiles=tuple(float(cut) for cut in cuts), missing_share=missing_share)
    counts = np.bincount(present.astype(np.int64), minlength=len(levels))
    return CategoryFacts(
        shares={level: float(count) / len(column) for level, count in zip(levels, counts, strict=True)},
        missing_share=missing_share,
    )


def _facts_of_json(facts: Mapping[str, Any]) -> FeatureFacts:
    if "shares" in facts:
        return CategoryFacts(shares=dict(facts["shares"]), missing_share=facts["missing_share"])
    return NumberFacts(quantiles=tuple(facts["quantiles"]), missing_share=facts["missing_share"])
