"""A Valkey that hangs: whoever waited for it in vain spares the others of this process the same for a while.

One that is gone refuses at once and is asked each time; a frozen one, or one behind a broken network, costs each
question its whole time limit.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions

NoAnswer = exceptions.TimeoutError
SPARED_SECONDS = 5.0
_silent_until = 0.0


@contextmanager
def unless_silent() -> Iterator[None]:
    """Let Valkey be asked; raises redis's TimeoutError, at once, when it did not answer a moment ago."""
    if time.monotonic() < _silent_until:
        raise NoAnswer("Valkey did not answer a moment ago, and is not asked again before some seconds are over.")
    try:
        yield
    except Exception as error:
        # Celery tells of a time that ran out by an error of its own, with the real one behind.
        if isinstance(error, NoAnswer) or isinstance(error.__cause__, NoAnswer):
            _note_silence()
        raise


def _note_silence() -> None:
    global _silent_until  # noqa: PLW0603  one a process, as Valkey is one
    _silent_until = time.monotonic() + SPARED_SECONDS
