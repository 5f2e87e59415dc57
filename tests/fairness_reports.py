"""Fairness reports for tests of the office, with the figures a test wants."""

from __future__ import annotations

from typing import Any

from modelling.models import FairnessReport, ModelVersion

NOBODY = {"group": "", "auc": 0.5}


def fairness_report_on(version: ModelVersion, *, gate: Any = None, **sex_auc: float) -> FairnessReport:
    """Keep a report on two sexes. sex_auc: by feature, how well it tells women from men."""
    features = [{"feature": name, "sex": {"group": "F", "auc": auc}, "age": NOBODY} for name, auc in sex_auc.items()]
    sexes = {
        "name": "sex",
        "groups": [_group("F", predicted=0.07), _group("M", predicted=0.12)],
        "gaps": {name: {"difference": 0.05, "ratio": 0.9} for name in ("approval_rate", "caught", "false_alarms")},
    }
    return FairnessReport.objects.create(
        version=version,
        threshold=1 / 11,
        groups={"threshold": 1 / 11, "clients": 2_000, "attributes": [sexes]},
        proxies={
            "clients": 2_000,
            "features": features,
            "score": {"sex": {"group": "F", "auc": 0.6}, "age": NOBODY},
            "together": {"sex": {"group": "F", "auc": 0.7}, "age": NOBODY},
        },
        gate=gate,
    )


def _group(name: str, *, predicted: float) -> dict[str, Any]:
    observed = {"value": 0.07, "low": 0.055, "high": 0.085}
    return {
        "group": name,
        "clients": 1_000,
        "defaults": 70,
        "is_large_enough": True,
        "approval_rate": {"value": 0.8, "low": 0.77, "high": 0.83},
        "predicted": predicted,
        "observed": observed,
        "is_calibrated": observed["low"] <= predicted <= observed["high"],
        "caught": {"value": 0.5, "low": 0.4, "high": 0.6},
        "false_alarms": {"value": 0.2, "low": 0.17, "high": 0.23},
    }
