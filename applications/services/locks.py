"""Deeds that only one process may do at a time, held by the database so that a killed one lets go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection

from applications.errors import BusyError

# Any number, as long as nothing else takes advisory locks in its name.
_OURS = 4021


class Deed(IntEnum):
    """What is done alone."""

    IMPORT = 1
    SNAPSHOT = 2
    POPULATION = 3


@contextmanager
def alone(deed: Deed) -> Iterator[None]:
    """Hold the right to a deed; raises BusyError when another process holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (_OURS, deed))
        (held,) = cursor.fetchone()
        if not held:
            raise BusyError(f"Another {deed.name.lower()} is running; wait until it has ended.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", (_OURS, deed))
