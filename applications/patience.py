"""Work that nobody waits for stands back for work that somebody waits for, on this machine and in its database."""

import os
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
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


def stands_back() -> bool:
    """Tell whether this process is one of those that go after others."""
    return bool(os.environ.get(GO_AFTER_OTHERS))


def is_one_too_many() -> bool:
    """Tell whether half of the processors have no room for this process of its worker: each has a place, from 0 on."""
    from billiard import current_process  # noqa: PLC0415  the launcher works without Celery

    return getattr(current_process(), "index", 0) >= len(_half(os.sched_getaffinity(0)))


@contextmanager
def leaving_room() -> Iterator[None]:
    """Keep this process, and the database's behind its connection, to half of the processors for the block.

    Where it stands back others come first as well. But a processor that has any work does not look whether somebody
    waits for another one, and whoever comes next finds nothing of his own in its caches.
    """
    everywhere = os.sched_getaffinity(0)
    _keep_to(_half(everywhere))
    try:
        yield
    finally:
        _keep_to(everywhere)


def _half(processors: Collection[int]) -> list[int]:
    """Give the upper half of some processors; one at least."""
    return sorted(processors)[len(processors) // 2 :]


def _keep_to(processors: Collection[int]) -> None:
    from django.db import connection  # noqa: PLC0415  the launcher works without Django

    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # it ended just now
            os.sched_setaffinity(int(thread.name), processors)
    _tell_the_server(connection)


def _let_the_server_stand_back(connection: Any, **_: object) -> None:
    if _tell_the_server(connection):
        with connection.cursor() as cursor:  # those it would call to its help would not stand back
            cursor.execute("SET max_parallel_workers_per_gather = 0")


def _tell_the_server(connection: Any) -> bool:
    """Have the process behind a connection wait for others, and on the same processors, as this one does; tells if so.

    On another machine, in another container or under a user who is not ours to tell, it stays as it is.
    """
    driver = connection.connection
    if driver is None or driver.closed:  # nobody is at the other end, or no longer
        return False
    with suppress(OSError):
        if _serves(server := driver.info.backend_pid, driver.fileno()):
            os.sched_setscheduler(server, os.sched_getscheduler(0), _NO_PRIORITY)
            os.sched_setaffinity(server, os.sched_getaffinity(0))
            return True
    return False


def _serves(pid: int, descriptor: int) -> bool:
    """Tell whether this process of this machine is the one at the other end: its title names our port."""
    with socket.socket(fileno=os.dup(descriptor)) as end:
        port = end.getsockname()[1]
    title = Path(f"/proc/{pid}/cmdline").read_bytes()
    return title.startswith(b"postgres:") and f"({port})".encode() in title
