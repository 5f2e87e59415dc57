"""A worker's sign of life: the time of the last task it did."""

import time

from django.core.cache import cache

from applications.selectors.queues import heartbeat_key

_KEEP_SECONDS = 24 * 3600


def note_heartbeat(queue: str) -> None:
    """Remember that the worker of this queue has just done a task."""
    cache.set(heartbeat_key(queue), time.time(), timeout=_KEEP_SECONDS)
