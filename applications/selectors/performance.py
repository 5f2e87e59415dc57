"""How a model version did on the applications whose outcome is known by now and that it was not trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import polars as pl
from django.conf import settings
from django.db import connection

from applications.models import Outcome, Recommendation
from modelling.errors import TrainingDataError
from modelling.models import ModelVersion
from modelling.performance import Ranking, Rate, by_grade, rank, rate
from modelling.training.dataset import open_snapshot
from modelling.training.reference import training_clients

# Of each application with an outcome, what the version said of it last, and what a person decided last.
_ROWS = """
    SELECT DISTINCT ON (said.application_id) said.application_id, said.probability, said.recommendation,
           seen.defaulted, to_char(application.received_on, 'YYYY-MM') AS month, decided.outcome
    FROM observed_outcome AS seen
    JOIN assessment AS said ON said.application_id = seen.application_id AND said.model_version_id = %s
    JOIN application ON application.sk_id_curr = seen.application_id
    LEFT JOIN LATERAL (
        SELECT outcome FROM decision WHERE decision.application_id = seen.application_id
        ORDER BY created_at DESC, id DESC LIMIT 1) AS decided ON true
    ORDER BY said.application_id, said.id DESC
"""
_SCHEMA = {
    "application": pl.Int64,
    "probability": pl.Float64,
    "recommendation": pl.String,
    "defaulted": pl.String,
    "month": pl.String,
    "decision": pl.String,
}


@dataclass(frozen=True)
class Override:
    """Applications by what the machine advised and a person decided, with what became of them."""

    recommendation: Recommendation
    decision: Outcome
    rate: Rate

    @property
    def is_against_advice(self) -> bool:
        """Tell whether a refusal was granted or an acceptance refused."""
        against = {(Recommendation.REFUSE, Outcome.ACCEPT), (Recommendation.ACCEPT, Outcome.REFUSE)}
        return (self.recommendation, self.decision) in against


@dataclass(frozen=True)
class Performance:
    """What is known of one version. in_training: outcomes left out because it was trained on those applications.

    knows_training: False when its snapshot is gone, so that none could be left out. overall: None without any outcome.
    """

    version: ModelVersion
    in_training: int
    knows_training: bool
    ranking: Ranking
    overall: Rate | None
    grades: tuple[Rate, ...]
    months: tuple[Rate, ...]
    overrides: tuple[Override, ...]


def performance_of(version: ModelVersion) -> Performance:
    """Return how the version did, by grade, by month of application, and where people decided otherwise."""
    rows = _rows(version)
    seen = _seen_in_training(version)
    new = rows if seen is None else rows.filter(~pl.col("application").is_in(seen.implode()))
    probability, default = new["probability"].to_numpy(), new["defaulted"].to_numpy()
    return Performance(
        version=version,
        in_training=rows.height - new.height,
        knows_training=seen is not None,
        ranking=rank(probability, default),
        overall=rate("", probability, default),
        grades=tuple(by_grade(probability, default)),
        months=tuple(_rates(new, "month")),
        overrides=tuple(_overrides(new)),
    )


def _rows(version: ModelVersion) -> pl.DataFrame:
    buffer = BytesIO()
    with connection.cursor() as cursor, connection.wrap_database_errors:
        select = cursor.mogrify(_ROWS, (version.pk,)).decode()
        cursor.copy_expert(f"COPY ({select}) TO STDOUT (FORMAT csv)", buffer)
    buffer.seek(0)
    empty = pl.DataFrame(schema=_SCHEMA)
    rows = pl.read_csv(buffer, has_header=False, schema=_SCHEMA) if buffer.getbuffer().nbytes else empty
    return rows.with_columns(defaulted=pl.col("defaulted") == "t")


def _seen_in_training(version: ModelVersion) -> pl.Series | None:
    try:
        return training_clients(open_snapshot(settings.SNAPSHOTS_DIR, version.snapshot_name))
    except (TrainingDataError, OSError):
        return None


def _rates(rows: pl.DataFrame, by: str) -> Iterator[Rate]:
    for (name,), part in rows.sort(by).group_by(by, maintain_order=True):
        found = rate(str(name), part["probability"].to_numpy(), part["defaulted"].to_numpy())
        if found is not None:
            yield found


def _overrides(rows: pl.DataFrame) -> Iterator[Override]:
    for recommendation in Recommendation:
        for decision in Outcome:
            part = rows.filter(recommendation=recommendation.value, decision=decision.value)
            found = rate("", part["probability"].to_numpy(), part["defaulted"].to_numpy())
            if found is not None:
                yield Override(recommendation, decision, found)
