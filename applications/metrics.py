"""Figures for Prometheus: how long answers take, and what waits.

Web processes share their counts through files in `PROMETHEUS_MULTIPROC_DIR` (set before the first of them starts); what
waits is read when it is asked for, and is missing while the database is away.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from applications.errors import DATABASE_AWAY
from applications.selectors.queues import Waiting, heartbeat_ages, waiting_requests

REQUEST_SECONDS = Histogram(
    "scoring_request_seconds",
    "Server time of an answer, by route",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.5, 1, 2.5, 10),
)


class Queues(Collector):
    """Requests in the database by queue and state, the oldest one's age, and each worker's last sign of life."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give the gauges, as they are now."""
        up = GaugeMetricFamily("scoring_database_up", "Whether the database answers")
        try:
            yield from _of_requests(waiting_requests())
            up.add_metric([], 1)
        except DATABASE_AWAY:
            up.add_metric([], 0)
        yield up
        yield _of_workers()


def _of_requests(groups: Sequence[Waiting]) -> Iterator[GaugeMetricFamily]:
    count = GaugeMetricFamily("scoring_requests", "Assessment requests", labels=["queue", "state"])
    oldest = GaugeMetricFamily("scoring_oldest_request_seconds", "Age of the oldest", labels=["queue", "state"])
    for group in groups:
        count.add_metric([group.queue, group.state], group.count)
        oldest.add_metric([group.queue, group.state], group.oldest_seconds)
    yield from (count, oldest)


def _of_workers() -> GaugeMetricFamily:
    beats = GaugeMetricFamily("scoring_worker_heartbeat_seconds", "Since the last heartbeat", labels=["queue"])
    for queue, seconds in heartbeat_ages().items():
        if seconds is not None:
            beats.add_metric([queue], seconds)
    return beats


def exposition() -> bytes:
    """Return all figures in Prometheus's text format."""
    queues = CollectorRegistry()
    queues.register(Queues())
    return generate_latest(_answers()) + generate_latest(queues)


def _answers() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped
    return registry
