"""How a threshold treats groups of clients: who is granted, how true the probabilities are, who is mistaken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.training.calibration import jeffreys
from modelling.training.metrics import Floats
from modelling.training.protected import AGE_WORDS, Groups, Protected

# Of fewer clients, or fewer of one outcome, a rate says nothing; they are told, and left out of the gaps.
LEAST_CLIENTS, LEAST_OUTCOMES = 100, 10
RATES = ("approval_rate", "caught", "false_alarms")

Figures = dict[str, Any]


def group_report(
    probability: Floats, target: NDArray[np.integer], protected: Protected, *, threshold: float
) -> Figures:
    """Give approval, calibration and mistakes by group, at a threshold, each rate with Jeffreys' 95 % interval.

    probability, target: n clients, each predicted out of fold. A client is refused from the threshold up.
    """
    return {
        "threshold": threshold,
        "clients": len(target),
        "attributes": [
            {"name": name, **_attribute(probability, np.asarray(target), groups, threshold)}
            for name, groups in protected.groups.items()
        ],
    }


def _attribute(probability: Floats, target: NDArray[np.integer], groups: Groups, threshold: float) -> Figures:
    names = sorted((name for name in np.unique(groups).tolist() if name), key=_place)
    rows = [_group(name, probability[groups == name], target[groups == name], threshold) for name in names]
    return {"groups": rows, "gaps": _gaps([row for row in rows if row["is_large_enough"]])}


def _place(name: str) -> tuple[int, str]:
    """Say where a group stands in a table: age bands from the youngest, others by name."""
    return (AGE_WORDS.index(name) if name in AGE_WORDS else 0), name


def _group(name: str, probability: Floats, target: NDArray[np.integer], threshold: float) -> Figures:
    refused, clients, defaults = probability >= threshold, len(target), int(target.sum())
    observed, predicted = _rate(defaults, clients), float(probability.mean())
    return {
        "group": name,
        "clients": clients,
        "defaults": defaults,
        "is_large_enough": clients >= LEAST_CLIENTS and min(defaults, clients - defaults) >= LEAST_OUTCOMES,
        "approval_rate": _rate(int((~refused).sum()), clients),
        "predicted": predicted,
        "observed": observed,
        "is_calibrated": observed["low"] <= predicted <= observed["high"],
        "caught": _rate(int(refused[target == 1].sum()), defaults),
        "false_alarms": _rate(int(refused[target == 0].sum()), clients - defaults),
    }


def _rate(hits: int, trials: int) -> Figures:
    low, high = jeffreys(hits, trials)
    return {"value": hits / trials if trials else None, "low": low, "high": high}


def _gaps(rows: Sequence[Figures]) -> Figures:
    """Give the widest difference and the smallest ratio between groups, as fairlearn defines them (Bird 2020)."""
    return {name: _gap([row[name]["value"] for row in rows]) for name in RATES} if len(rows) > 1 else {}


def _gap(values: Sequence[float]) -> Figures:
    low, high = min(values), max(values)
    return {"difference": high - low, "ratio": low / high if high else None}
