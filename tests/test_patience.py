from __future__ import annotations

import subprocess
import sys

import pytest

# A worker's process as Celery starts it, and a connection of it; printed is how far that one's server stands back.
_WORKER = """
import os, sys
os.nice(int(sys.argv[1]))
import django
django.setup()
from django.db import connection
from scoring_site.celery import be_patient_in_the_database_too
be_patient_in_the_database_too()
connection.ensure_connection()
server = connection.connection.info.backend_pid
print(os.getpriority(os.PRIO_PROCESS, 0), os.getpriority(os.PRIO_PROCESS, server))
"""


def niceness(asked: int) -> tuple[int, int]:
    """Give the niceness of a worker, begun so much lower than this process, and of the database's process behind it."""
    said = subprocess.run([sys.executable, "-c", _WORKER, str(asked)], capture_output=True, check=True, text=True)
    worker, server = map(int, said.stdout.split())
    return worker, server


@pytest.mark.slow
def test_a_worker_that_stands_back_does_so_in_the_database_too() -> None:
    worker, server = niceness(7)

    assert worker >= 7
    assert server == worker


@pytest.mark.slow
def test_one_that_people_wait_for_leaves_the_database_as_it_is() -> None:
    worker, server = niceness(0)

    assert server <= worker
