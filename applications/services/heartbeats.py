"""Signs of life: the time of the last task that a worker did, and that people wait for assessments."""

import time

from django.core.cache import cache

from applications.selectors.queues import PEOPLE_WAIT, heartbeat_key

_KEEP_SECONDS = 24 * 3600
PEOPLE_LEAVE_AFTER_SECONDS = 15


def note_heartbeat(queue: str) -> None:
    """Remember that the worker of this queue has just done a task."""
    cache.set(heartbeat_key(queue), time.time(), timeout=_KEEP_SECONDS)


def note_people() -> None:
    """Remember that somebody waits for an assessment; he is thought to be gone some seconds after the last one."""
    cache.set(PEOPLE_WAIT, time.time(), timeout=PEOPLE_LEAVE_AFTER_SECONDS)
