"""What waits for the workers, and when each of them last showed itself."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone
from redis import Redis

from applications.models import AssessmentRequest
from applications.silence import unless_silent

PEOPLE_WAIT = "people-wait"
QUEUES = ("interactive", "book", "lab")
# A worker that did no task for so long is called silent.
FRESH_SECONDS = 90.0


@dataclass(frozen=True)
class Waiting:
    """The requests of one queue in one state. oldest_seconds: since the oldest was queued."""

    queue: str
    state: str
    count: int
    oldest_seconds: float


def waiting_requests() -> list[Waiting]:
    """Return the open requests by queue and state, by one look at an index."""
    now = timezone.now()
    groups = AssessmentRequest.objects.order_by("queue", "state").values("queue", "state")
    return [
        Waiting(group["queue"], group["state"], group["count"], (now - group["oldest"]).total_seconds())
        for group in groups.annotate(count=Count("pk"), oldest=Min("enqueued_at"))
    ]


def messages_in(queue: str) -> int:
    """Count the messages that wait in a queue of the broker: Celery keeps each queue as a list of that name.

    Raises RedisError when the broker is away.
    """
    with (
        unless_silent(),
        Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=2) as broker,
    ):
        return int(broker.llen(queue))


def open_connections() -> set[int]:
    """Return the processes of PostgreSQL that serve somebody now: a worker whose own is not among them has died."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid for (pid,) in cursor.fetchall()}


def heartbeat_ages() -> dict[str, float | None]:
    """Return for each queue the seconds since its worker last did a task; None when it has not within a day."""
    seen = cache.get_many([heartbeat_key(queue) for queue in QUEUES])
    now = time.time()
    return {queue: now - seen[key] if (key := heartbeat_key(queue)) in seen else None for queue in QUEUES}


def people_wait() -> bool:
    """Tell whether somebody waited for an assessment a moment ago; the cache forgets it."""
    return cache.get(PEOPLE_WAIT) is not None


def heartbeat_key(queue: str) -> str:
    """Return where the cache keeps the time of a worker's last task."""
    return f"heartbeat:{queue}"
