from __future__ import annotations

import ast
import os
import subprocess
import sys
from operator import attrgetter

import pytest
from billiard import current_process
from django.db import OperationalError, connection

from applications.patience import is_one_too_many, leaving_room
from scoring_site import processes
from scoring_site.children import Program

# A worker's process as Celery starts it, and a connection of it; printed is how both are scheduled.
_WORKER = """
import os
import django
django.setup()
from django.db import connection
from scoring_site.celery import go_after_others
go_after_others()
connection.ensure_connection()
server = connection.connection.info.backend_pid
print(os.sched_getscheduler(0), os.sched_getscheduler(server))
"""

# The same, in a block that leaves room to people; printed is where the main thread, another, and the server may run.
_LEAVING_ROOM = """
import os, threading
import django
django.setup()
from django.db import connection
from applications.patience import leaving_room
connection.ensure_connection()
is_over = threading.Event()
other = threading.Thread(target=is_over.wait)
other.start()
def told():
    return [sorted(os.sched_getaffinity(pid)) for pid in (0, other.native_id, connection.connection.info.backend_pid)]
before = told()
with leaving_room():
    within = told()
print(before, within, told(), sep="\\n")
is_over.set()
"""


def scheduled(worker: Program) -> list[int]:
    """Give how the processes of a worker are scheduled, and the database's process behind a connection of theirs."""
    environment = {**os.environ, **worker.environment}
    said = subprocess.run([sys.executable, "-c", _WORKER], env=environment, capture_output=True, check=True, text=True)
    return [int(policy) for policy in said.stdout.split()]


@pytest.mark.slow
@pytest.mark.parametrize("worker", [processes.book(), processes.lab()], ids=attrgetter("name"))
def test_a_worker_that_goes_after_others_does_so_in_the_database_too(worker: Program) -> None:
    assert scheduled(worker) == [os.SCHED_IDLE, os.SCHED_IDLE]


@pytest.mark.slow
def test_one_that_people_wait_for_waits_for_nobody() -> None:
    assert scheduled(processes.interactive()) == [os.SCHED_OTHER, os.SCHED_OTHER]


@pytest.mark.slow
def test_while_people_wait_the_book_keeps_to_half_of_the_processors() -> None:
    said = subprocess.run([sys.executable, "-c", _LEAVING_ROOM], capture_output=True, check=True, text=True)
    before, within, after = map(ast.literal_eval, said.stdout.splitlines())

    (everywhere,) = {tuple(one) for one in before}
    assert within == [[*everywhere[len(everywhere) // 2 :]]] * 3
    assert after == before


def break_while_leaving_room() -> None:
    with leaving_room():
        connection.connection.close()  # as after a restart of the database
        raise OperationalError


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_meanwhile_is_told_of_as_what_it_is() -> None:
    connection.ensure_connection()

    with pytest.raises(OperationalError):
        break_while_leaving_room()

    connection.close()


@pytest.mark.parametrize(("place", "too_many"), [(0, False), (10_000, True)])
def test_half_of_a_workers_processes_have_room_there(
    monkeypatch: pytest.MonkeyPatch, place: int, too_many: bool
) -> None:
    monkeypatch.setattr(current_process(), "index", place, raising=False)

    assert is_one_too_many() == too_many
