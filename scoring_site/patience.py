"""Work that nobody waits for stands back for work that somebody waits for, on this machine and in its database."""

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

GO_AFTER_OTHERS = "GO_AFTER_OTHERS"  # in the environment of a process that is to

_UNTIL_NOTHING_ELSE = os.SCHED_IDLE
_NO_PRIORITY = os.sched_param(0)


def stand_back() -> None:
    """Let this process, and the database's process behind each of its connections, run when nothing else wants to.

    Niceness alone gives others the larger share, not the next turn: one who wakes up may wait some milliseconds for
    whoever runs, at each of the hundred steps of an assessment.
    """
    from django.db.backends.signals import connection_created  # noqa: PLC0415  the launcher works without Django

    with suppress(PermissionError):  # a container may forbid it, and has a share of its own then
        os.sched_setscheduler(0, _UNTIL_NOTHING_ELSE, _NO_PRIORITY)
    connection_created.connect(_let_the_server_stand_back)


def _let_the_server_stand_back(connection: Any, **_: object) -> None:
    """On another machine, in another container or under a user who is not ours to tell, it stays as it is."""
    driver = connection.connection
    with suppress(OSError):
        if _serves(driver.info.backend_pid, driver.fileno()):
            os.sched_setscheduler(driver.info.backend_pid, _UNTIL_NOTHING_ELSE, _NO_PRIORITY)


def _serves(pid: int, descriptor: int) -> bool:
    """Tell whether this process of this machine is the one at the other end: its title names our port."""
    with socket.socket(fileno=os.dup(descriptor)) as end:
        port = end.getsockname()[1]
    title = Path(f"/proc/{pid}/cmdline").read_bytes()
    return title.startswith(b"postgres:") and f"({port})".encode() in title
