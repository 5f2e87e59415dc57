"""Forgetting what is kept for speed alone, when an administrator doubts it."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction

from applications import audit
from applications.models import Kind, Tally, User

_NEVER = -1


@transaction.atomic
def clear_caches(*, actor: User) -> None:
    """Empty the cache and have all that is counted over whole tables counted again at the next look, within a minute.

    Requests, queues and everything that is a fact stay; whoever asks too often is counted from 0 again, and workers are
    silent until their next sign of life. Raises RedisError when the cache is away; then nothing is cleared.
    """
    Tally.objects.update(stamp=_NEVER)
    audit.record(Kind.CACHE_CLEARED, actor=actor, subject=("cache", "default"), data={})
    cache.clear()
