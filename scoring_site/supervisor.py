"""Watches over the services of the site: one that ends unasked is started again, later each time it fails at once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scoring_site.children import Service, say

_LONGEST_PAUSE_SECONDS = 60.0
# One that ran this long had started well: its next failure counts as the first.
_STEADY_SECONDS = 60.0


@dataclass
class _Watch:
    service: Service
    failures: int = 0
    started_at: float = 0.0
    restart_at: float | None = None


class Supervisor:
    """Call `tick` now and then; it never waits. `now` is a clock in seconds."""

    def __init__(self, services: Sequence[Service], *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._watches = [_Watch(service, started_at=now()) for service in services]

    def tick(self) -> None:
        for watch in self._watches:
            if watch.restart_at is not None:
                if self._now() >= watch.restart_at:
                    self._restart(watch)
            elif (status := watch.service.exit_status()) is not None:
                self._plan_restart(watch, status)

    def _plan_restart(self, watch: _Watch, status: int) -> None:
        was_steady = self._now() - watch.started_at > _STEADY_SECONDS
        watch.failures = 1 if was_steady else watch.failures + 1
        pause = pause_seconds(watch.failures)
        watch.restart_at = self._now() + pause
        name, log = watch.service.name, watch.service.log
        say(f"{name} ended unasked ({_describe(status)}), see {log}: again in {pause:.0f} s.")

    def _restart(self, watch: _Watch) -> None:
        watch.restart_at = None
        watch.started_at = self._now()
        watch.service.start()


def pause_seconds(failures: int) -> float:
    """Return how long to wait after so many failures in a row: 1, 2, 4, ... seconds, a minute at most."""
    return float(min(2 ** (failures - 1), _LONGEST_PAUSE_SECONDS))


def _describe(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def stop_in_order(services: Sequence[Service]) -> None:
    """End the first (who takes requests in) before the others, and those together."""
    for service in services[:1]:
        service.stop()
    for service in services[1:]:
        service.ask_to_stop()
    for service in services[1:]:
        service.stop()
