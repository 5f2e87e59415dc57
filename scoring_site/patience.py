"""A worker that stands back for others does so in the database too, where most of its waiting is others' waiting."""

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any


def share_patience(connection: Any, **_: object) -> None:
    """Give the database's process behind a new connection this process's niceness, where it runs beside us.

    On another machine, in another container or under a user who is not ours to tell, it stays as it is.
    """
    driver = connection.connection
    pid, niceness = driver.info.backend_pid, os.getpriority(os.PRIO_PROCESS, 0)
    with suppress(OSError):
        if _serves(pid, driver.fileno()):
            os.setpriority(os.PRIO_PROCESS, pid, niceness)


def _serves(pid: int, descriptor: int) -> bool:
    """Tell whether this process of this machine is the one at the other end: its title names our port."""
    with socket.socket(fileno=os.dup(descriptor)) as end:
        port = end.getsockname()[1]
    title = Path(f"/proc/{pid}/cmdline").read_bytes()
    return title.startswith(b"postgres:") and f"({port})".encode() in title
