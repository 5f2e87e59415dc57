"""The parts the site needs to serve, each asked for a sign of life."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from modelling import registry
from modelling.errors import ModellingError


@dataclass(frozen=True)
class Part:
    """One part of the system. problem: what is wrong, as a sentence without secrets; empty when it is up."""

    name: str
    milliseconds: float
    problem: str

    @property
    def is_up(self) -> bool:
        """Tell whether the part answered as it should."""
        return not self.problem

    def as_json(self) -> dict[str, object]:
        """Give the part for a monitor to read."""
        return {"name": self.name, "up": self.is_up, "ms": round(self.milliseconds, 1), "problem": self.problem}


def check_parts() -> list[Part]:
    """Ask the database, its migrations, the broker and the champion."""
    return [_ask(name, question) for name, question in _QUESTIONS.items()]


def _ask(name: str, question: Callable[[], str]) -> Part:
    start = time.perf_counter()
    try:
        problem = question()
    except (DatabaseError, RedisError, ModellingError, ImproperlyConfigured, OSError) as error:
        problem = f"{type(error).__name__}: {name} does not answer as it should"
    return Part(name, (time.perf_counter() - start) * 1000, problem)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations are not applied" if waiting else ""


def _broker() -> str:
    cache.get("health")
    return ""


def _champion() -> str:
    registry.bundle_of(registry.champion())
    return ""


_QUESTIONS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "champion": _champion,
}
