"""Attempts as rows that are the truth: taken up by one process, ended once, found when that process died."""

from __future__ import annotations

import logging
import signal
from _thread import interrupt_main
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType
from typing import TypeVar

from django.db import DatabaseError, connection, transaction
from django.db.models import Func, IntegerField, Q
from django.utils import timezone

from modelling.errors import ModellingError, gettext_noop
from modelling.models import Attempt, ComparisonRun, State, Study, TrainingRun

logger = logging.getLogger(__name__)

LOST = "The process ended before its work was done: it was stopped or ran out of memory. Resume it."
UNFORESEEN = gettext_noop("It ended with an error nobody foresaw ({kind}); the log of the process says more.")
LOOK_EVERY_SECONDS = 1.0
STOP = signal.SIGUSR2

AnyAttempt = TypeVar("AnyAttempt", bound=Attempt)


class CancelledError(BaseException):
    """Somebody cancelled what this process was at."""


def own_backend() -> Func:
    """Give the number of this process's database connection, by which it is known to be alive."""
    return Func(function="pg_backend_pid", output_field=IntegerField())


def take_up(attempt: Attempt) -> bool:
    """Take a queued attempt for this process; False when another took it, it has ended, or it was cancelled."""
    queued = type(attempt)._default_manager.filter(pk=attempt.pk, state=State.QUEUED)
    taken = queued.update(state=State.RUNNING, started_at=timezone.now(), backend_pid=own_backend())
    attempt.refresh_from_db()
    return bool(taken)


@contextmanager
def ended_by(attempt: Attempt) -> Iterator[None]:
    """Write down how what is done within comes to its end; an error goes on its way."""
    try:
        yield
    except ModellingError as error:
        failure = {"sentence": error.sentence, "facts": error.facts}
        end(attempt, State.FAILED, error=str(error), failure=failure)
        raise
    except CancelledError:
        raise
    except (KeyboardInterrupt, SystemExit):
        end(attempt, State.BROKEN_OFF)
        raise
    except BaseException as error:
        kind = type(error).__name__
        failure = {"sentence": UNFORESEEN, "facts": {"kind": kind}}
        end(attempt, State.FAILED, error=str(error) or kind, failure=failure)
        raise
    end(attempt, State.DONE)


@transaction.atomic
def end(attempt: Attempt, state: State, *, error: str = "", failure: Mapping[str, object] | None = None) -> None:
    """Write down how an attempt ended, unless somebody cancelled it meanwhile."""
    now = type(attempt)._default_manager.select_for_update().get(pk=attempt.pk)
    attempt.state = now.state
    if State(now.state).is_open:
        attempt.state, attempt.finished_at = state, timezone.now()
        attempt.error, attempt.failure = error, dict(failure or {})
    else:
        attempt.finished_at = now.finished_at
    attempt.save()


def close_lost() -> int:
    """Say of the attempts whose process died without a word that they were broken off; give how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        alive = [pid for (pid,) in cursor.fetchall()]
    is_lost = Q(state=State.RUNNING) & ~Q(backend_pid__in=alive)
    now = timezone.now()
    comparisons = ComparisonRun.objects.filter(is_lost).update(state=State.FAILED, finished_at=now, error=LOST)
    broken_off = {"state": State.BROKEN_OFF, "finished_at": now}
    trainings, studies = (table.objects.filter(is_lost).update(**broken_off) for table in (TrainingRun, Study))
    return comparisons + trainings + studies


@contextmanager
def cancellable(attempt: Attempt, *, alive: Callable[[], None]) -> Iterator[None]:
    """Stop what is done within as soon as the row says that it was cancelled: raises CancelledError where it is.

    alive is called every LOOK_EVERY_SECONDS meanwhile. For the main thread of a process alone.
    """
    is_over = Event()
    watcher = Thread(target=_watch, args=(attempt, is_over, alive), daemon=True)
    before = signal.signal(STOP, _stop)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()
        signal.signal(STOP, before)


def _watch(attempt: Attempt, is_over: Event, alive: Callable[[], None]) -> None:
    try:
        while not is_over.wait(LOOK_EVERY_SECONDS):
            alive()
            if _is_cancelled(attempt):
                interrupt_main(STOP)
                return
    finally:
        connection.close()


def _is_cancelled(attempt: Attempt) -> bool:
    try:
        return type(attempt)._default_manager.filter(pk=attempt.pk, state=State.CANCELLED).exists()
    except DatabaseError:
        logger.warning("cannot see whether %s was cancelled; looking again", attempt)
        connection.close()
        return False


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise CancelledError
