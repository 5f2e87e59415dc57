"""Quality, and what thresholds cost: counted in refused good clients and in money, each with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.training.bootstrap import CHUNK_CELLS, Estimate, estimate
from modelling.training.cost import (
    RATIOS,
    Terms,
    approval_rate,
    best_threshold,
    by_credit,
    cost_per_application,
    default_rate,
    optimal_threshold,
    times,
)
from modelling.training.metrics import METRICS, Floats, Metric, Outcomes

Figures = dict[str, Any]
DRAWS = 200


@dataclass(frozen=True)
class Loans:
    """Clients by rising probability, and the credit each asked for, n, 0 where it is not known."""

    outcomes: Outcomes
    credit: Floats

    @classmethod
    def of(cls, probability: Floats, target: NDArray[np.integer], credit: Floats) -> Loans:
        """Sort clients by probability. Raises TrainingDataError when all repaid or all defaulted."""
        order = np.argsort(probability, kind="stable")
        return cls(Outcomes.of(probability, target), np.asarray(credit, dtype=np.float64)[order])


def measured(loans: Loans, *, terms: Terms, seed: int) -> Figures:
    """Give quality, and what thresholds cost: at the policy's ratio, at each of RATIOS, and in money.

    seed: of the bootstrap that gives the intervals. Two passes over its resamples serve all figures.
    """
    others = [_counted(loans, replace(terms, cost_ratio=ratio, threshold=None)) for ratio in RATIOS]
    cases = [_counted(loans, terms), *others, *([_in_money(loans, terms)] if loans.credit.any() else [])]
    first = estimate(loans.outcomes, {**METRICS, **{f"best {i}": case.best for i, case in enumerate(cases)}}, seed=seed)
    chances = _by_chance(loans.outcomes, cases, seed)
    reports = [
        _both_thresholds(case, first[f"best {place}"], chance)
        for place, (case, chance) in enumerate(zip(cases, chances, strict=True))
    ]
    _measure_at(reports, cases, loans.outcomes, seed)
    return {
        "metrics": {name: told(first[name]) for name in METRICS},
        "threshold": reports[0],
        "costs": reports[1 : 1 + len(RATIOS)],
        "money": reports[-1] if loans.credit.any() else None,
    }


def is_calibration_alarm(found: Figures, *, limit: float) -> bool:
    """Tell whether a report's cheapest threshold is further from 1 / (1 + ratio) than limit and chance allow.

    found: one of the reports on a threshold. limit: a share of 1 / (1 + ratio).
    """
    return bool(found["is_beyond_chance"]) and abs(found["gap"]) > limit


@dataclass(frozen=True)
class _Case:
    """One way of counting what mistakes cost. best: finds the cheapest threshold; at: what is measured at one."""

    facts: Figures
    ratio: float
    threshold: float | None
    best: Metric
    at: Callable[[float], Mapping[str, Metric]]


def _counted(loans: Loans, terms: Terms) -> _Case:
    ratio = terms.cost_ratio

    def at(threshold: float) -> Mapping[str, Metric]:
        cost = cost_per_application(threshold, ratio)
        return {
            "approval_rate": approval_rate(threshold),
            "cost_per_application": cost,
            **_loss_of_the_sum_lent(loans, terms, threshold),
        }

    return _Case({"cost_ratio": ratio}, ratio, terms.threshold, best_threshold(ratio), at)


def _in_money(loans: Loans, terms: Terms) -> _Case:
    ratio, credit = terms.money_ratio, loans.credit

    def at(threshold: float) -> Mapping[str, Metric]:
        cost = by_credit(cost_per_application(threshold, ratio), credit)
        return {
            "approval_rate": approval_rate(threshold),
            "share_lent": by_credit(approval_rate(threshold), credit),
            "cost_of_the_sum_asked": times(cost, terms.margin),
            **_loss_of_the_sum_lent(loans, terms, threshold),
        }

    facts = {"loss_given_default": terms.loss_given_default, "margin": terms.margin}
    return _Case(facts, ratio, terms.threshold, by_credit(best_threshold(ratio), credit), at)


def _loss_of_the_sum_lent(loans: Loans, terms: Terms, threshold: float) -> Mapping[str, Metric]:
    if not loans.credit.any():
        return {}
    defaulted = by_credit(default_rate(threshold), loans.credit)
    return {"loss_of_the_sum_lent": times(defaulted, terms.loss_given_default)}


def _by_chance(outcomes: Outcomes, cases: Sequence[_Case], seed: int) -> list[tuple[float, float]]:
    """Give, for each case, where 95 % of the cheapest thresholds would lie if the probabilities were exactly right.

    Outcomes are drawn anew from the probabilities: where defaults are few and dear, the cheapest threshold strays far
    from 1 / (1 + ratio) by chance alone, and always to the same side, which no resampling of clients can show.
    """
    generator = np.random.default_rng(seed)
    at_once = max(1, CHUNK_CELLS // len(outcomes))
    drawn: list[list[Floats]] = [[] for _ in cases]
    for start in range(0, DRAWS, at_once):
        shape = (min(at_once, DRAWS - start), len(outcomes))
        simulated = replace(outcomes, default=(generator.random(shape) < outcomes.probability).astype(np.float64))
        for found, case in zip(drawn, cases, strict=True):
            found.append(case.best(simulated, outcomes.unit_weights))
    ends = [np.quantile(np.concatenate(found), (0.025, 0.975)) for found in drawn]
    return [(float(low), float(high)) for low, high in ends]


def _both_thresholds(case: _Case, cheapest: Estimate, chance: tuple[float, float]) -> Figures:
    """Give the policy's threshold and the cheapest on these very rows, and how far calibration lets them part.

    gap: the cheapest over 1 / (1 + ratio), less 1. With calibrated probabilities the two agree but for chance, so a gap
    beyond it says that the probabilities are off where it matters.
    """
    theory = optimal_threshold(case.ratio)
    return {
        **case.facts,
        "policy": {"threshold": theory if case.threshold is None else case.threshold},
        "best_on_these_rows": {
            "threshold": cheapest.value,
            "low": cheapest.low,
            "high": cheapest.high,
            "note": "chosen on the rows it is measured on: optimistic",
        },
        "calibrated_threshold": theory,
        "gap": cheapest.value / theory - 1,
        "by_chance": {"low": chance[0], "high": chance[1]},
        "is_beyond_chance": not chance[0] <= cheapest.value <= chance[1],
    }


def _measure_at(reports: Sequence[Figures], cases: Sequence[_Case], outcomes: Outcomes, seed: int) -> None:
    """Add to both thresholds of each report what is measured there."""
    places = {
        f"{number} {place} {name}": (found[place], name, metric)
        for number, (found, case) in enumerate(zip(reports, cases, strict=True))
        for place in ("policy", "best_on_these_rows")
        for name, metric in case.at(found[place]["threshold"]).items()
    }
    figures = estimate(outcomes, {key: metric for key, (_, _, metric) in places.items()}, seed=seed)
    for key, (found, name, _) in places.items():
        found[name] = told(figures[key])


def told(found: Estimate) -> Mapping[str, float | None]:
    """Give a figure with its interval; None where no client was there to measure."""
    return {name: None if np.isnan(value) else value for name, value in asdict(found).items()}
