"""What an administrator watches: the queues, what failed, and which versions run."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import version as installed

from django.db import connection
from redis.exceptions import RedisError

from applications.models import AssessmentRequest, AssessmentRun, AuditEvent, Kind, Policy, RequestState
from applications.selectors.queues import FRESH_SECONDS, QUEUES, Waiting, heartbeat_ages, messages_in, waiting_requests
from modelling.models import ModelVersion

LISTED_REQUESTS = 25
LISTED_RUNS = 10
LIBRARIES = ("django", "celery", "lightgbm", "polars", "numpy", "scikit-learn")


@dataclass(frozen=True)
class QueueLine:
    """One queue.

    messages: in the broker; None while that is away. heartbeat_seconds: since its worker last did a task; None if long
    ago.
    """

    name: str
    messages: int | None
    waiting: tuple[Waiting, ...]
    heartbeat_seconds: float | None

    @property
    def open_count(self) -> int:
        """Give how many of its requests wait or are under way."""
        return sum(each.count for each in self.waiting if each.state in {RequestState.QUEUED, RequestState.RUNNING})

    @property
    def is_alive(self) -> bool:
        """Tell whether its worker has shown itself lately."""
        return self.heartbeat_seconds is not None and self.heartbeat_seconds < FRESH_SECONDS


@dataclass(frozen=True)
class Listed:
    """The first of some requests, and how many there are in all."""

    first: tuple[AssessmentRequest, ...]
    count: int


@dataclass(frozen=True)
class Versions:
    """What runs. database: PostgreSQL's version. libraries: by name."""

    model_version: ModelVersion | None
    policy: Policy | None
    python: str
    database: str
    libraries: dict[str, str]


def queue_lines() -> list[QueueLine]:
    """Return each queue with what waits in it and the last sign of life of its worker."""
    waiting, ages = waiting_requests(), heartbeat_ages()
    return [
        QueueLine(name, _messages_in(name), tuple(each for each in waiting if each.queue == name), ages[name])
        for name in QUEUES
    ]


def _messages_in(queue: str) -> int | None:
    try:
        return messages_in(queue)
    except RedisError:
        return None


def open_requests() -> Listed:
    """Return the requests that are under way or wait, in this order, the oldest first."""
    found = AssessmentRequest.objects.filter(state__in=[RequestState.QUEUED, RequestState.RUNNING])
    return Listed(tuple(found.order_by("-state", "enqueued_at", "pk")[:LISTED_REQUESTS]), found.count())


def failures() -> Listed:
    """Return the requests that failed, the newest first."""
    failed = AssessmentRequest.objects.filter(state=RequestState.FAILED)
    return Listed(tuple(failed.order_by("-enqueued_at", "pk")[:LISTED_REQUESTS]), failed.count())


def last_runs() -> list[AssessmentRun]:
    """Return the newest runs over the book."""
    return list(AssessmentRun.objects.select_related("started_by", "model_version", "policy")[:LISTED_RUNS])


def last_event(kind: Kind) -> AuditEvent | None:
    """Return the newest event of a kind."""
    return AuditEvent.objects.filter(kind=kind).order_by("-pk").first()


def versions() -> Versions:
    """Return what is in force and what it runs on."""
    return Versions(
        model_version=ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).first(),
        policy=Policy.objects.filter(is_active=True).first(),
        python=platform.python_version(),
        database=".".join(str(part) for part in divmod(connection.pg_version, 10_000)),  # type: ignore[attr-defined]
        libraries={name: installed(name) for name in LIBRARIES},
    )
