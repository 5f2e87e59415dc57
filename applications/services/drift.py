"""Measuring drift: the applications of the last weeks against those the champion was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from django.conf import settings
from django.db import transaction

from applications import audit, sources
from applications.models import Alert, AlertKind, Application, Kind
from modelling import registry
from modelling.bundle import Bundle
from modelling.drift import Shift, expected_auc, score_index, shifts
from modelling.encoding import Encoding
from modelling.errors import DriftError
from modelling.features.catalogue import CATALOGUE
from modelling.models import DriftFinding, DriftReport
from modelling.scoring import score_matrix
from modelling.training.dataset import open_snapshot
from modelling.training.reference import training_frame

APPLICATIONS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Measured:
    """What was written. alert: raised when a limit was passed, for the caller to send."""

    report: DriftReport
    alert: Alert | None


def measure_drift(*, today: date) -> Measured:
    """Compare the applications of the last DRIFT_WINDOW_DAYS that training did not see with those it saw.

    Raises ModellingError: no champion, its snapshot is gone, or too few applications to tell.
    """
    version = registry.champion()
    bundle = registry.bundle_of(version)
    then = training_frame(open_snapshot(settings.SNAPSHOTS_DIR, version.snapshot_name), _compared(bundle).features)
    first = today - timedelta(days=settings.DRIFT_WINDOW_DAYS - 1)
    now = _frame_of(first, today, then["sk_id_curr"], bundle)
    if now.height < settings.DRIFT_LEAST_CLIENTS:
        raise DriftError(
            f"From {first} to {today} came {now.height} applications that model version {version.number} was not "
            f"trained on; {settings.DRIFT_LEAST_CLIENTS} are needed to tell drift from chance."
        )
    report = DriftReport(
        version=version,
        received_from=first,
        received_to=today,
        clients_then=then.height,
        clients_now=now.height,
        score_psi=score_index(bundle.population.histogram, now["probability"].to_numpy()),
        expected=_expected(now["probability"]),
        groups={"agencies": _groups(now, "agency", bundle), "months": _groups(now, "month", bundle)},
    )
    return _store(report, shifts(then, now, _compared(bundle)))


def _compared(bundle: Bundle) -> Encoding:
    """Give the features of a client's own rows; those told by lessons are made of them, and of training's outcomes."""
    names = enumerate(bundle.features)
    return bundle.encoding.of_columns([place for place, name in names if CATALOGUE[name].lesson is None])


def _frame_of(first: date, last: date, seen: pl.Series, bundle: Bundle) -> pl.DataFrame:
    """Give the features, probability, agency and month of each client's newest application of these days."""
    found = Application.objects.filter(received_on__range=(first, last)).order_by("client_id", "-received_on", "-pk")
    facts = found.distinct("client_id").values_list("pk", "agency__name", "received_on")
    rows = pl.DataFrame(
        [(number, agency, f"{received:%Y-%m}") for number, agency, received in facts],
        schema={"sk_id_curr": pl.Int64, "agency": pl.String, "month": pl.String},
        orient="row",
    )
    rows = rows.filter(~pl.col("sk_id_curr").is_in(seen.implode()))
    parts = list(_features_of(rows["sk_id_curr"].to_list(), bundle))
    return pl.concat(parts).join(rows, on="sk_id_curr") if parts else rows.with_columns(probability=pl.lit(0.0))


def _features_of(numbers: list[int], bundle: Bundle) -> Iterator[pl.DataFrame]:
    for start in range(0, len(numbers), APPLICATIONS_AT_ONCE):
        frame = bundle.lessons.build(sources.tables_of(numbers[start : start + APPLICATIONS_AT_ONCE]), bundle.features)
        probability = score_matrix(bundle, bundle.encoding.encode(frame)).probability
        yield frame.select("sk_id_curr", *bundle.features).with_columns(probability=probability)


def _expected(probability: pl.Series) -> dict[str, float]:
    return {"default_rate": float(probability.to_numpy().mean()), "auc": expected_auc(probability.to_numpy())}


def _groups(now: pl.DataFrame, by: str, bundle: Bundle) -> list[dict[str, Any]]:
    return [_group(str(name), part, bundle) for (name,), part in now.sort(by).group_by(by, maintain_order=True)]


def _group(name: str, part: pl.DataFrame, bundle: Bundle) -> dict[str, Any]:
    probability = part["probability"].to_numpy()
    levels = bundle.encoding.levels.items()
    unseen = [float((~part[feature].drop_nulls().is_in(list(words))).sum()) / part.height for feature, words in levels]
    missing = part.select(pl.col(*bundle.features).null_count() / part.height).row(0)
    return {
        "name": name,
        "clients": part.height,
        "score_psi": score_index(bundle.population.histogram, probability),
        "mean_probability": float(probability.mean()),
        "missing_share": float(np.mean(np.asarray(missing, dtype=np.float64))),
        "unseen_share": float(np.mean(unseen)) if unseen else 0.0,
    }


@transaction.atomic
def _store(report: DriftReport, found: list[Shift]) -> Measured:
    report.save(force_insert=True)
    DriftFinding.objects.bulk_create(DriftFinding(report=report, **asdict(shift)) for shift in found)
    data = {"version": report.version.number, "applications": report.clients_now, "score_psi": report.score_psi}
    audit.record(Kind.DRIFT_MEASURED, actor=None, subject=report, data=data)
    return Measured(report, _alert(report, found))


def _alert(report: DriftReport, found: list[Shift]) -> Alert | None:
    moved = [shift.feature for shift in found if shift.psi >= settings.DRIFT_FEATURE_PSI_LIMIT]
    if not moved and report.score_psi < settings.DRIFT_SCORE_PSI_LIMIT:
        return None
    facts = {
        "report": report.pk,
        "model_version": report.version.number,
        "score_psi": round(report.score_psi, 4),
        "moved_features": len(moved),
        "most_moved": moved[:5],
    }
    return Alert.objects.create(kind=AlertKind.DRIFT, facts=facts)
