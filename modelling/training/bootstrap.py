"""How sure a figure is: the same figure on clients drawn again and again with replacement (Efron 1979)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from modelling.training.metrics import Floats, Metric, Outcomes

ROUNDS = 400
CHUNK_CELLS = 4_000_000  # weights held at once: 32 MB


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval, by percentiles of the resamples."""

    value: float
    low: float
    high: float


def estimate(
    outcomes: Outcomes, metrics: Mapping[str, Metric], *, seed: int, rounds: int = ROUNDS
) -> dict[str, Estimate]:
    """Give each metric on these clients and its interval; all metrics see the same resamples."""
    plain = {name: float(metric(outcomes, outcomes.unit_weights)[0]) for name, metric in metrics.items()}
    draws: dict[str, list[Floats]] = {name: [] for name in metrics}
    for weights in resamples(len(outcomes), seed=seed, rounds=rounds):
        for name, metric in metrics.items():
            draws[name].append(metric(outcomes, weights))
    return {name: _summary(value, np.concatenate(draws[name])) for name, value in plain.items()}


def resamples(clients: int, *, seed: int, rounds: int) -> Iterator[Floats]:
    """Yield resamples a few at a time, each a row of how often every client was drawn."""
    generator = np.random.default_rng(seed)
    at_once = max(1, CHUNK_CELLS // clients)
    for start in range(0, rounds, at_once):
        count = min(at_once, rounds - start)
        drawn = generator.integers(0, clients, size=(count, clients))
        yield np.stack([np.bincount(row, minlength=clients) for row in drawn]).astype(np.float64)


def _summary(value: float, draws: Floats) -> Estimate:
    known = draws[~np.isnan(draws)]  # a tiny sample can be drawn without a single default
    if not len(known):
        return Estimate(value, value, value)
    low, high = np.quantile(known, (0.025, 0.975))
    return Estimate(value, float(low), float(high))
