"""Assessing the book, a chunk at a time: claimed by one worker, computed outside any transaction, stored as a whole.

One audit event a chunk vouches for all its assessments by a digest over their content, which `verify_audit` recomputes:
an event each would cost as much as the rest of the work, and say less.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.db.models import F, Func, IntegerField, Q
from django.utils import timezone

from applications import audit
from applications.errors import NoPolicyError
from applications.models import (
    AssessmentChunk,
    AssessmentRequest,
    AssessmentRun,
    ChunkState,
    Failure,
    Kind,
    Purpose,
    RunState,
)
from applications.selectors.book import to_assess_in
from applications.services import runs
from applications.services.assessing.computing import PASSING, Answer, InForce, compute_apart, in_force
from applications.services.assessing.failing import Reason, mark_failed, reason_of
from applications.services.assessing.storing import Asked, lock_applications, store_new
from applications.services.assessment import GIVE_UP_AFTER_ATTEMPTS, request_assessments
from modelling.errors import ModellingError

logger = logging.getLogger(__name__)


def assess_next_chunk(run_id: int) -> bool:
    """Assess one waiting chunk of a run; tells whether there was one. Whoever does the last one ends the run.

    Safe to call at once in many workers; one that is killed leaves its chunk to the sweeper.
    """
    chunk = _claim(run_id)
    if chunk is None:
        return False
    used = _in_force_for(chunk.run)
    if used is None:
        return False
    try:
        _assess(chunk, used)
    except SoftTimeLimitExceeded:
        _release([chunk])
        raise
    runs.finish_if_complete(chunk.run)
    return True


def take_back_lost_chunks(connections: Collection[int]) -> None:
    """Let chunks whose worker's database connection is gone wait again, or fail when that happened too often."""
    lost = AssessmentChunk.objects.filter(state=ChunkState.RUNNING).exclude(backend_pid__in=connections)
    with transaction.atomic():
        _release(list(lost.select_for_update(skip_locked=True)))


@transaction.atomic
def _claim(run_id: int) -> AssessmentChunk | None:
    waiting = AssessmentChunk.objects.filter(run=run_id, run__state=RunState.RUNNING, state=ChunkState.WAITING)
    chunk = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("number").first()
    if chunk is None:
        return None
    AssessmentChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.RUNNING,
        started_at=timezone.now(),
        attempts=F("attempts") + 1,
        backend_pid=Func(function="pg_backend_pid", output_field=IntegerField()),
    )
    return AssessmentChunk.objects.select_related("run__model_version", "run__policy").get(pk=chunk.pk)


def _in_force_for(run: AssessmentRun) -> InForce | None:
    """Give what the run is made with, or end the run when that is no longer in force or cannot be read."""
    try:
        used = in_force()
    except (ModellingError, NoPolicyError) as error:
        reason = reason_of(error)
        runs.fail(run, reason.failure, reason.facts)
        return None
    if (used.version, used.policy) != (run.model_version, run.policy):
        runs.fail(run, Failure.SUPERSEDED, {})
        return None
    return used


def _assess(chunk: AssessmentChunk, used: InForce) -> None:
    try:
        answers, errors = compute_apart(to_assess_in(chunk), used)
        _store(chunk, answers, errors, used)
    except PASSING:
        raise
    except Exception as error:
        logger.exception("chunk %s cannot be stored", chunk)
        _fail(chunk, reason_of(error))


@transaction.atomic
def _store(chunk: AssessmentChunk, answers: Sequence[Answer], errors: Mapping[int, Exception], used: InForce) -> None:
    """Store what is still about the facts as they are; facts that changed meanwhile asked for an assessment themselves.

    What a cancelled run has in hand is dropped.
    """
    versions = lock_applications(answer.application for answer in answers)
    if not _is_still_mine(chunk):
        return
    fresh = [answer for answer in answers if versions.get(answer.application) == answer.application_version]
    purpose = Purpose(chunk.run.purpose)
    stored = store_new(fresh, Asked(used, purpose, chunk))
    _answer_open_requests(fresh, purpose)
    AssessmentChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.DONE, assessed=len(stored), failed=len(errors), finished_at=timezone.now(), backend_pid=None
    )
    facts = {"run": chunk.run_id, "assessments": len(stored), "digest": audit.digest_of_chunk(chunk)}
    _keep_failures(errors, purpose)
    connection.check_constraints()  # at the end they would be checked under the lock of the audit log
    audit.record(Kind.BOOK_CHUNK_ASSESSED, actor=None, subject=chunk, data=facts)


def _is_still_mine(chunk: AssessmentChunk) -> bool:
    """Lock the chunk and tell whether its run goes on and nobody took the chunk over, thinking this worker dead."""
    locked = AssessmentChunk.objects.select_for_update(of=("self",)).select_related("run").get(pk=chunk.pk)
    is_same = (locked.state, locked.attempts) == (ChunkState.RUNNING, chunk.attempts)
    return is_same and RunState(locked.run.state).is_open


def _answer_open_requests(answers: Sequence[Answer], purpose: Purpose) -> None:
    """Drop the requests that ask what was just answered."""
    numbers = [answer.application for answer in answers]
    same_facts = Q(application_version=F("application__version"))
    AssessmentRequest.objects.filter(same_facts, application__in=numbers, purpose=purpose).delete()


def _keep_failures(errors: Mapping[int, Exception], purpose: Purpose) -> None:
    request_assessments(list(errors), purpose=purpose, queue="book")
    for number, error in errors.items():
        mark_failed([number], reason_of(error))


def _release(chunks: Sequence[AssessmentChunk]) -> None:
    """Let chunks wait again, but for those begun too often."""
    for chunk in chunks:
        if chunk.attempts >= GIVE_UP_AFTER_ATTEMPTS:
            _fail(chunk, Reason(Failure.GAVE_UP, {"attempts": chunk.attempts}))
        else:
            AssessmentChunk.objects.filter(pk=chunk.pk).update(state=ChunkState.WAITING, backend_pid=None)


def _fail(chunk: AssessmentChunk, reason: Reason) -> None:
    AssessmentChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.FAILED,
        failure=reason.failure,
        failure_facts=dict(reason.facts),
        finished_at=timezone.now(),
        backend_pid=None,
    )
