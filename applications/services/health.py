"""The parts the site needs to serve, each asked for a sign of life."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from applications.models import RequestState
from applications.selectors.queues import Waiting, heartbeat_ages, messages_in, waiting_requests
from modelling import registry
from modelling.errors import ModellingError, UnfitBundleError


@dataclass(frozen=True)
class Part:
    """One part of the system.

    problem: what is wrong, as a sentence without secrets; empty when it is up.
    is_vital: without it no page can be served; without another, what is saved waits for it.
    """

    name: str
    milliseconds: float
    problem: str
    is_vital: bool = True

    @property
    def is_up(self) -> bool:
        """Tell whether the part answered as it should."""
        return not self.problem

    def as_json(self) -> dict[str, object]:
        """Give the part for a monitor to read."""
        ms = round(self.milliseconds, 1)
        return {"name": self.name, "up": self.is_up, "vital": self.is_vital, "ms": ms, "problem": self.problem}


def check_parts() -> list[Part]:
    """Ask the database, its migrations, the champion and its features, the broker, each worker and its queue."""
    return [_ask(name, question) for name, question in _QUESTIONS.items()]


def _ask(name: str, question: Callable[[], str]) -> Part:
    start = time.perf_counter()
    try:
        problem = question()
    except (Error, RedisError, ModellingError, ImproperlyConfigured, OSError) as error:
        problem = f"{type(error).__name__}: {name} does not answer as it should"
    return Part(name, (time.perf_counter() - start) * 1000, problem, is_vital=name in _VITAL)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations are not applied" if waiting else ""


def _broker() -> str:
    messages_in("interactive")
    return ""


def _champion() -> str:
    registry.bundle_of(registry.champion())
    return ""


def _features() -> str:
    """Tell whether this code computes what the champion reads; without it assessments fail and pages still serve."""
    try:
        registry.fit_bundle_of(registry.champion())
    except UnfitBundleError as error:
        return str(error)
    return ""


def _workers() -> str:
    """Name the silent workers; their signs of life lie in Valkey, which is the broker too."""
    try:
        _broker()
    except RedisError:
        return "the broker does not answer, so nothing is known of the workers"
    silent = [queue for queue, age in heartbeat_ages().items() if age is None or age > _SILENT_SECONDS]
    return f"no sign of life for {_SILENT_SECONDS} s from the worker of: {', '.join(silent)}" if silent else ""


def _queue_age() -> str:
    oldest = max((group.oldest_seconds for group in waiting_requests() if _is_awaited(group)), default=0.0)
    return f"the oldest request waits for {oldest:.0f} s" if oldest > _LATE_SECONDS else ""


def _is_awaited(group: Waiting) -> bool:
    """Tell whether somebody sits before a page that waits for these."""
    return group.queue == "interactive" and group.state in {RequestState.QUEUED, RequestState.RUNNING}


_SILENT_SECONDS = 90
_LATE_SECONDS = 60
_QUESTIONS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "champion": _champion,
    "features": _features,
    "broker": _broker,
    "workers": _workers,
    "queue age": _queue_age,
}
_VITAL = ("database", "migrations", "champion")
