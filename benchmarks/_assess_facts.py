"""What benchmarks ask the bench site's database: python -m benchmarks._assess_facts WORD…, as `main` knows them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import django
from django.db import connection
from django.db.models import F, Max, Min, Sum

django.setup()

from applications.models import Application, AssessmentRun, Policy, RunState  # noqa: E402  after Django is set up
from applications.services.policies import activate  # noqa: E402

_SIZES = """
    SELECT sum(pg_total_relation_size(name::regclass))
    FROM unnest(ARRAY['assessment', 'audit_event', 'assessment_chunk']) AS name
"""
# How much of a time some chunk was in hand, and how many assessments chunks stored that ended in it.
_DURING = """
    WITH chunk AS (
        SELECT tstzrange(%(began)s, %(ended)s) * tstzrange(started_at, coalesce(finished_at, 'infinity')) AS part,
               CASE WHEN finished_at BETWEEN %(began)s AND %(ended)s THEN assessed ELSE 0 END AS assessed
        FROM assessment_chunk
        WHERE started_at < %(ended)s AND coalesce(finished_at, 'infinity') > %(began)s
    ), part AS (SELECT unnest(range_agg(part)) AS part FROM chunk)
    SELECT (SELECT coalesce(sum(assessed), 0) FROM chunk),
           (SELECT coalesce(extract(epoch FROM sum(upper(part) - lower(part))), 0) FROM part)
"""


def change_policy() -> None:
    """Put the policy in force as its next version, so that every application is to be assessed anew."""
    policy = Policy.objects.get(is_active=True)
    policy.version = Policy.objects.filter(strategy=policy.strategy).latest("version").version + 1
    policy.pk, policy._state.adding = None, True
    activate(policy, actor=None)


def change_facts() -> None:
    """Raise the version of every application, as an import does that changes something of each."""
    Application.objects.update(version=F("version") + 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE application")  # else autovacuum begins with it in the middle of what is measured


def facts() -> dict[str, float]:
    """Give what the last run that came to its end did and what its tables take."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        stored = int(cursor.fetchone()[0])
    run = AssessmentRun.objects.filter(state=RunState.DONE).order_by("-pk").first()
    if run is None:
        return {"stored": stored}
    taken = run.chunks.aggregate(took=Max("finished_at") - Min("started_at"), assessed=Sum("assessed"))
    return {"stored": stored, "assessed": taken["assessed"], "seconds": taken["took"].total_seconds()}


def during(began: float, ended: float) -> dict[str, float]:
    """Give how many assessments of the book were stored between two times, and of what share of it some were made."""
    times = {"began": datetime.fromtimestamp(began, UTC), "ended": datetime.fromtimestamp(ended, UTC)}
    with connection.cursor() as cursor:
        cursor.execute(_DURING, times)
        assessed, seconds = cursor.fetchone()
    return {"assessed": int(assessed), "share": float(seconds) / (ended - began)}


def main(words: Sequence[str]) -> None:
    """Change something, or print as JSON what was asked."""
    match words:
        case ["policy"]:
            change_policy()
        case ["facts changed"]:
            change_facts()
        case ["during", began, ended]:
            json.dump(during(float(began), float(ended)), sys.stdout)
        case _:
            json.dump(facts(), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
