from __future__ import annotations

import os
import subprocess
import sys
from operator import attrgetter

import pytest

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
