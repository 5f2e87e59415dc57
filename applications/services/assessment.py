"""Answering requests: from one written down to one stored probability, however often the task is delivered.

Requests are rows. A task claims the rows it is given, computes outside any transaction, then stores assessments,
audit events and the applications' new stage in one transaction that also deletes the requests it answered.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.utils import timezone

from applications import audit
from applications.errors import NoPolicyError
from applications.models import Application, AssessmentRequest, Failure, Kind, Purpose, RequestState
from applications.services.assessing.computing import PASSING, Answer, InForce, compute_apart, in_force
from applications.services.assessing.failing import Reason, mark_failed, reason_of
from applications.services.assessing.storing import Asked, lock_applications, store_new
from modelling.errors import ModellingError

logger = logging.getLogger(__name__)

GIVE_UP_AFTER_ATTEMPTS = 5
TAKEN_ALONG = 50
_CLAIM = f"""
    WITH open AS (
        SELECT application_id FROM assessment_request AS request
        WHERE application_id = ANY(%(asked)s) AND (
                state = '{RequestState.QUEUED}'
                OR state = '{RequestState.RUNNING}' AND (backend_pid = pg_backend_pid()
                   OR NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = backend_pid)))
           OR state = '{RequestState.QUEUED}' AND queue = 'interactive' AND attempts = 0
        ORDER BY application_id <> ALL(%(asked)s), enqueued_at
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE assessment_request AS request
    SET state = '{RequestState.RUNNING}', started_at = now(), attempts = attempts + 1, backend_pid = pg_backend_pid()
    FROM open WHERE request.application_id = open.application_id
    RETURNING request.application_id, request.application_version, request.attempts
"""


def request_assessments(
    application_ids: Sequence[int], *, purpose: Purpose = Purpose.ADVICE, queue: str = "interactive"
) -> int:
    """Write down that these applications, as they are now, want an assessment; returns how many."""
    found = Application.objects.filter(pk__in=application_ids).values_list("pk", "version")
    return len(request_for(dict(found), purpose=purpose, queue=queue))


def request_for(
    versions: Mapping[int, int], *, purpose: Purpose = Purpose.ADVICE, queue: str = "interactive"
) -> list[AssessmentRequest]:
    """Write down that these versions of applications, given by number, want an assessment; returns the requests.

    An open or cancelled request is renewed: whatever was computed for older facts is then dropped.
    """
    now = timezone.now()
    requests = [
        AssessmentRequest(
            application_id=number, application_version=version, purpose=purpose, queue=queue, enqueued_at=now
        )
        for number, version in versions.items()
    ]
    return AssessmentRequest.objects.bulk_create(
        requests,
        update_conflicts=True,
        unique_fields=["application"],
        update_fields=[
            "application_version", "purpose", "queue", "state", "attempts", "enqueued_at", "started_at", "backend_pid",
            "failure", "failure_facts",
        ],
    )  # fmt: skip


def answer_requests(application_ids: Sequence[int]) -> int:
    """Assess those of these applications that still ask for it; returns how many assessments were stored.

    Safe to call twice, or at once in two workers. One that cannot be assessed is marked failed with its reason
    and does not hold up the others.
    """
    claimed = _claim(application_ids)
    if not claimed:
        return 0
    try:
        used = in_force()
    except (ModellingError, NoPolicyError) as error:
        mark_failed(sorted(claimed), reason_of(error))
        return 0
    try:
        answers, errors = compute_apart(claimed, used)
        for number, wrong in errors.items():
            mark_failed([number], reason_of(wrong))
        return _store_apart(answers, used)
    except SoftTimeLimitExceeded:
        _give_back(sorted(claimed))
        raise


def _claim(application_ids: Sequence[int]) -> dict[int, int]:
    """Mark requests as running; returns the application version each asks about, by application number.

    One that another living worker holds is left to it. Whoever works for a person takes along what else waits for
    people: of fifty who ask at once, the last then waits for one batch, not for forty-nine. Not what was begun before
    and not ended: it may be what killed its worker.
    """
    along = TAKEN_ALONG if len(application_ids) <= TAKEN_ALONG else 0
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"asked": list(application_ids), "most": max(along, len(application_ids))})
        claimed: list[tuple[int, int, int]] = cursor.fetchall()
    exhausted = [number for number, _, attempts in claimed if attempts > GIVE_UP_AFTER_ATTEMPTS]
    mark_failed(exhausted, Reason(Failure.GAVE_UP, {"attempts": GIVE_UP_AFTER_ATTEMPTS}))
    return {number: version for number, version, attempts in claimed if attempts <= GIVE_UP_AFTER_ATTEMPTS}


def _give_back(application_ids: Sequence[int]) -> None:
    """Let go of requests that were claimed and not answered, for the sweeper to queue again."""
    AssessmentRequest.objects.filter(pk__in=application_ids, state=RequestState.RUNNING).update(
        state=RequestState.QUEUED, enqueued_at=timezone.now(), started_at=None, backend_pid=None
    )


def _store_apart(answers: Sequence[Answer], used: InForce) -> int:
    """Store answers together, or one by one when that fails; one that fails alone is marked so."""
    try:
        return _store(answers, used)
    except PASSING:
        raise
    except Exception as error:
        if len(answers) != 1:
            return sum(_store_apart([answer], used) for answer in answers)
        logger.exception("the assessment of application %d cannot be stored", answers[0].application)
        mark_failed([answers[0].application], reason_of(error))
        return 0


@transaction.atomic
def _store(answers: Sequence[Answer], used: InForce) -> int:
    """Store what still answers an open request; the rest is cancelled, answered elsewhere or about older facts."""
    lock_applications(answer.application for answer in answers)
    requests = AssessmentRequest.objects.in_bulk([answer.application for answer in answers])
    wanted = [answer for answer in answers if _is_wanted(answer, requests.get(answer.application))]
    stored: dict[int, Answer] = {}
    for purpose in sorted({requests[answer.application].purpose for answer in wanted}):
        asked = [answer for answer in wanted if requests[answer.application].purpose == purpose]
        stored |= store_new(asked, Asked(used, Purpose(purpose)))
    AssessmentRequest.objects.filter(pk__in=[answer.application for answer in wanted]).delete()
    audit.record_many(
        audit.Entry(
            Kind.ASSESSMENT_MADE,
            ("application", answer.application),
            data=_facts(number, answer, used, requests[answer.application].purpose),
        )
        for number, answer in stored.items()
    )
    return len(stored)


def _is_wanted(answer: Answer, request: AssessmentRequest | None) -> bool:
    if request is None or request.state == RequestState.CANCELLED:
        return False
    return request.application_version == answer.application_version


def _facts(number: int, answer: Answer, used: InForce, purpose: str) -> dict[str, object]:
    return {
        "assessment": number,
        "application_version": answer.application_version,
        "model_version": used.version.number,
        "policy": used.policy.pk,
        "purpose": purpose,
        "probability": answer.probability,
        "recommendation": answer.recommendation,
    }
