"""Finding requests, chunks of the book and files whose message or worker was lost on the way, to be queued again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from applications.models import (
    AssessmentRequest,
    AssessmentRun,
    ChunkState,
    FileState,
    RequestState,
    RunState,
    ScoredFile,
)
from applications.selectors.queues import open_connections
from applications.services import book, runs
from applications.services.scored_files import scoring


@transaction.atomic
def take_back_lost_requests(waiting_in: Callable[[str], int]) -> dict[str, list[int]]:
    """Mark lost requests as queued again; returns their application numbers by queue.

    waiting_in: how many messages wait in a queue of the broker; while some do, a queued request is only waiting.
    A running request is lost when the database connection of its worker is gone, or its time limit long past.
    """
    lost: dict[str, list[int]] = {}
    for number, queue in _abandoned() | _forgotten(waiting_in):
        lost.setdefault(queue, []).append(number)
    _queue_again([number for numbers in lost.values() for number in numbers])
    return lost


def take_back_lost_turns(waiting_in: Callable[[str], int]) -> dict[int, int]:
    """Let chunks of dead workers wait again, end runs whose last worker died at the end of its chunk.

    Returns how many turns to give out anew, by run: a turn is a message that lets a worker take the next chunk, and
    while some wait in the queue none is missing.
    """
    book.take_back_lost_chunks(open_connections())
    runs_under_way = AssessmentRun.objects.filter(state=RunState.RUNNING)
    going_on = [run for run in runs_under_way if not runs.finish_if_complete(run)]
    if not going_on or waiting_in("book"):
        return {}
    return {run.pk: missing for run in going_on if (missing := _missing_turns(run)) > 0}


@transaction.atomic
def take_back_lost_files(waiting_in: Callable[[str], int]) -> list[int]:
    """Mark files nobody works at as queued again, and return their keys."""
    open_files = ScoredFile.objects.defer("items").select_for_update(skip_locked=True)
    lost = list(open_files.filter(state=FileState.RUNNING).exclude(backend_pid__in=open_connections()))
    if not waiting_in("book"):
        lost += open_files.filter(state=FileState.QUEUED, asked_at__lt=_lost_since())
    return scoring.queue_again(lost)


def _missing_turns(run: AssessmentRun) -> int:
    states = Counter(run.chunks.values_list("state", flat=True))
    return min(states[ChunkState.WAITING], int(settings.BOOK_TURNS) - states[ChunkState.RUNNING])


def _abandoned() -> set[tuple[int, str]]:
    too_old = timezone.now() - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + 30)
    is_dead = Q(started_at__lt=too_old) | ~Q(backend_pid__in=open_connections())
    return _locked(AssessmentRequest.objects.filter(is_dead, state=RequestState.RUNNING))


def _forgotten(waiting_in: Callable[[str], int]) -> set[tuple[int, str]]:
    queued = AssessmentRequest.objects.filter(state=RequestState.QUEUED, enqueued_at__lt=_lost_since())
    queues = queued.order_by().values_list("queue", flat=True).distinct()
    return _locked(queued.filter(queue__in=[queue for queue in queues if waiting_in(queue) == 0]))


def _lost_since() -> datetime:
    return timezone.now() - timedelta(seconds=settings.REQUEST_LOST_AFTER_SECONDS)


def _locked(requests: QuerySet[AssessmentRequest]) -> set[tuple[int, str]]:
    return set(requests.select_for_update(skip_locked=True, of=("self",)).values_list("pk", "queue"))


def _queue_again(application_ids: Sequence[int]) -> None:
    AssessmentRequest.objects.filter(pk__in=application_ids).update(
        state=RequestState.QUEUED, enqueued_at=timezone.now(), started_at=None, backend_pid=None
    )
