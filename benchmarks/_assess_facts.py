"""What `benchmarks.assess` asks the bench site's database; python -m benchmarks._assess_facts again|facts."""

from __future__ import annotations

import json
import sys

import django
from django.db import connection
from django.db.models import Max, Min, Sum

django.setup()

from applications.models import AssessmentRun, Policy, RunState  # noqa: E402  after Django is set up
from applications.services.policies import activate  # noqa: E402

_SIZES = """
    SELECT sum(pg_total_relation_size(name::regclass))
    FROM unnest(ARRAY['assessment', 'audit_event', 'assessment_chunk']) AS name
"""


def ask_again() -> None:
    """Put the policy in force as its next version, so that every application is to be assessed anew."""
    policy = Policy.objects.get(is_active=True)
    policy.version = Policy.objects.filter(strategy=policy.strategy).latest("version").version + 1
    policy.pk, policy._state.adding = None, True
    activate(policy, actor=None)


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


if __name__ == "__main__":
    if sys.argv[1] == "again":
        ask_again()
    json.dump(facts(), sys.stdout)
