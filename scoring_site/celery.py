"""The Celery application; tasks live in each app's `tasks` module."""

import ctypes
import os
import signal
import sys
from contextlib import ExitStack
from typing import Any

from celery import Celery, states
from celery.signals import before_task_publish, task_postrun, task_prerun, worker_process_init
from django import db

from applications.patience import stand_back, stands_back

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scoring_site.settings")

app = Celery("scoring_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery would close the connection to the database around every task. Ours is kept from one to the next by Django's own
# rules, as it is from one request to the next: a new one takes twenty milliseconds until it has its first answers.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize

_TRACES: dict[str, ExitStack] = {}

_PR_SET_PDEATHSIG = 1


@worker_process_init.connect
def die_with_the_worker(**_: object) -> None:
    """Ask the kernel to end this pool process when its worker is killed, so that no orphan goes on working."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@worker_process_init.connect
def go_after_others(**_: object) -> None:
    """Let a worker that is to go after others do so at every step."""
    if stands_back():
        stand_back()


@task_postrun.connect
def let_go_of_the_database(task: Any, state: str, **_: object) -> None:
    """Close a connection that is too old or broken, and after a failure any: what a task claims is its connection's."""
    if state == states.SUCCESS or task.request.is_eager:
        db.close_old_connections()
    else:
        db.connections.close_all()


@before_task_publish.connect
def send_the_request_id(headers: dict[str, Any] | None = None, **_: object) -> None:
    """Let a task carry the id of the request that starts it."""
    from applications.tracing import request_id  # noqa: PLC0415  Django's settings come first

    if headers is not None:
        headers["request_id"] = request_id()


@task_prerun.connect
def take_the_request_id(task_id: str, task: Any, **_: object) -> None:
    """Write the log and the audit events of a task under the id of the request that started it."""
    from applications.tracing import traced  # noqa: PLC0415

    trace = _TRACES[task_id] = ExitStack()
    trace.enter_context(traced(getattr(task.request, "request_id", None)))


@task_postrun.connect
def let_the_request_id_go(task_id: str, **_: object) -> None:
    if trace := _TRACES.pop(task_id, None):
        trace.close()
