"""Valkey as a cache that may be away: nothing is found there then, nothing is kept, and the site goes on without it.

What counts on it alone, such as throttles, lets through meanwhile; what guards passwords counts in PostgreSQL.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from applications.silence import unless_silent

logger = logging.getLogger(__name__)


class ForgivingCache(RedisCache):
    """Read and write as if nothing were there while Valkey does not answer; all else raises then."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, or the default."""
        try:
            with unless_silent():
                return super().get(key, default, version)
        except RedisError as error:
            return _away(error, default)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """Return those of the keys that are kept."""
        try:
            with unless_silent():
                return super().get_many(keys, version)
        except RedisError as error:
            return _away(error, {})  # type: ignore[no-any-return]  # what it is given

    def set(self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value."""
        try:
            with unless_silent():
                super().set(key, value, timeout, version)
        except RedisError as error:
            _away(error, None)

    def clear(self) -> None:
        """Delete what the cache keeps, and nothing of what else is in Valkey: the queues are there too."""
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(match=self.make_key("*"), count=1000):
            client.delete(key)


def _away(error: RedisError, value: Any) -> Any:
    logger.warning("the cache is away (%s)", type(error).__name__)
    return value
