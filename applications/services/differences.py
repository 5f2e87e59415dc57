"""What a run over the book changed: who is advised otherwise, how far probabilities moved, which reasons are new."""

from __future__ import annotations

from typing import Any

from django.db import connection

from applications.models import AssessmentRun
from applications.selectors.book import MOVEMENT_EDGES

MOST_REASONS = 12

# Each new assessment beside the one of the same application that counted before it.
_PAIRS = """
    CREATE TEMPORARY TABLE pairs AS
    SELECT new.application_id, new.id AS new_id, old.id AS old_id, new.probability, new.recommendation,
           old.probability AS old_probability, old.recommendation AS old_recommendation,
           old.risk_level AS old_risk_level
    FROM assessment AS new
    JOIN assessment_chunk AS chunk ON chunk.id = new.chunk_id AND chunk.run_id = %s
    LEFT JOIN LATERAL (
        SELECT * FROM assessment AS before
        WHERE before.application_id = new.application_id AND before.purpose = new.purpose AND before.id < new.id
        ORDER BY before.id DESC LIMIT 1) AS old ON true
"""
_COUNTS = """
    SELECT count(*) AS assessed, count(old_id) AS compared,
           count(*) FILTER (WHERE recommendation <> old_recommendation) AS changed,
           avg(old_probability) AS mean_before, avg(probability) FILTER (WHERE old_id IS NOT NULL) AS mean_after,
           percentile_cont(ARRAY[0.05, 0.5, 0.95]) WITHIN GROUP (ORDER BY probability - old_probability) AS movement
    FROM pairs
"""
_MOVES = """
    SELECT old_recommendation AS before, recommendation AS after, count(*) AS applications
    FROM pairs WHERE old_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
"""
_BY = """
    SELECT {by} AS name, count(*) AS compared, count(*) FILTER (WHERE recommendation <> old_recommendation) AS changed,
           count(*) FILTER (WHERE recommendation = 'accept' AND old_recommendation <> 'accept') AS newly_accepted,
           count(*) FILTER (WHERE recommendation = 'refuse' AND old_recommendation <> 'refuse') AS newly_refused,
           avg(old_probability) AS mean_before, avg(probability) AS mean_after
    FROM pairs {join} WHERE old_id IS NOT NULL GROUP BY 1 ORDER BY 1
"""
_AGENCY = "JOIN application ON sk_id_curr = application_id JOIN agency ON agency.id = agency_id"
_HISTOGRAM = """
    SELECT width_bucket(probability - old_probability, %s::float8[]) AS bin, count(*) AS applications
    FROM pairs WHERE old_id IS NOT NULL GROUP BY 1
"""
_REASONS = """
    WITH told AS (
        SELECT side, reason ->> 'feature' AS feature, is_new
        FROM pairs
        JOIN LATERAL (VALUES (new_id, true), (old_id, false)) AS one (id, is_new) ON true
        JOIN assessment USING (id)
        CROSS JOIN LATERAL jsonb_each(reasons) AS sides (side, list)
        CROSS JOIN LATERAL jsonb_array_elements(list) AS reason
        WHERE old_id IS NOT NULL
    )
    SELECT side, feature, count(*) FILTER (WHERE NOT is_new) AS before, count(*) FILTER (WHERE is_new) AS after
    FROM told GROUP BY 1, 2 HAVING count(*) FILTER (WHERE is_new) <> count(*) FILTER (WHERE NOT is_new)
    ORDER BY abs(count(*) FILTER (WHERE is_new) - count(*) FILTER (WHERE NOT is_new)) DESC, 2, 1 LIMIT %s
"""


def differences_of(run: AssessmentRun) -> dict[str, Any]:
    """Compare each assessment of a run with the one before it; belongs in the caller's transaction.

    assessed, compared, changed: applications. moves: before × after. agencies, bands: of each, how many changed.
    histogram: applications by movement, between the MOVEMENT_EDGES and beyond them. reasons: that are told more or less
    often than before, the largest change first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, (run.pk,))
        report = _report()
        cursor.execute("DROP TABLE pairs")
    return report


def _report() -> dict[str, Any]:
    (counts,) = _rows(_COUNTS)
    bins = {row["bin"]: row["applications"] for row in _rows(_HISTOGRAM, list(MOVEMENT_EDGES))}
    return {
        **counts,
        "moves": _rows(_MOVES),
        "agencies": _rows(_BY.format(by="agency.name", join=_AGENCY)),
        "bands": _rows(_BY.format(by="old_risk_level", join="")),
        "histogram": [bins.get(place, 0) for place in range(len(MOVEMENT_EDGES) + 1)],
        "reasons": _rows(_REASONS, MOST_REASONS),
    }


def _rows(query: str, *parameters: int | list[float]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
