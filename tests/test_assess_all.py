"""The command that runs over the book, as the person at the terminal sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.cache import cache
from django.core.management.base import CommandError

from applications.management.commands import assess_all
from applications.models import AssessmentRun, RunState
from applications.selectors.book import Progress, progress_of
from applications.services import runs
from applications.services.heartbeats import note_heartbeat
from tests.factories import ApplicationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("champion", "policy")]


@pytest.mark.parametrize("is_alive", [True, False], ids=["a worker at it", "nobody"])
def test_watching_a_run_ends_only_when_no_worker_lives(is_alive: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    ApplicationFactory.create()
    run = runs.start_run("", actor=None)
    assert run is not None
    monkeypatch.setattr(assess_all, "STALLED_AFTER_SECONDS", 0)
    monkeypatch.setattr(assess_all, "WATCH_EVERY_SECONDS", 0.01)
    cache.delete("heartbeat:book")
    if is_alive:
        note_heartbeat("book")
    looks = iter(range(3))
    monkeypatch.setattr(assess_all, "progress_of", lambda run, now: _looked_at(run, looks, now))

    if is_alive:
        assess_all._show_progress(run)
        assert run.state == RunState.CANCELLED
    else:
        with pytest.raises(CommandError, match="No worker showed life for 0 s: start worker-book"):
            assess_all._show_progress(run)


def _looked_at(run: AssessmentRun, looks: Iterator[int], now: datetime) -> Progress:
    """Give a run's progress; somebody else cancels it after a few looks."""
    if next(looks, None) is None:
        runs.cancel(run, actor=None)
    return progress_of(run, now=now)
