from __future__ import annotations

import os
import subprocess
import sys

import pytest

# A worker's process as Celery starts it, and a connection of it; printed is how both are scheduled.
_WORKER = """
import os, sys
os.setpriority(os.PRIO_PROCESS, 0, int(sys.argv[1]))
import django
django.setup()
from django.db import connection
from scoring_site.celery import go_after_others
go_after_others()
connection.ensure_connection()
server = connection.connection.info.backend_pid
print(os.sched_getscheduler(0), os.sched_getscheduler(server))
"""


def scheduled(niceness: int) -> list[int]:
    """Give how a worker of this niceness is scheduled, and the database's process behind its connection."""
    said = subprocess.run([sys.executable, "-c", _WORKER, str(niceness)], capture_output=True, check=True, text=True)
    return [int(policy) for policy in said.stdout.split()]


@pytest.mark.slow
def test_a_worker_that_goes_after_others_does_so_in_the_database_too() -> None:
    assert scheduled(niceness=19) == [os.SCHED_IDLE, os.SCHED_IDLE]


@pytest.mark.slow
@pytest.mark.skipif(os.getpriority(os.PRIO_PROCESS, 0) > 0, reason="these tests go after others themselves")
def test_one_that_people_wait_for_waits_for_nobody() -> None:
    assert scheduled(niceness=0) == [os.SCHED_OTHER, os.SCHED_OTHER]
