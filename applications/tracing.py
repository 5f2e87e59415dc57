"""The request id: one word shared by a page, the tasks it starts and their audit events: the log tells one story.

It lives in structlog's context variables, where every line of the log finds it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars, unbind_contextvars

HEADER = "X-Request-ID"
_KEY = "request_id"
_FAILURE = "failure"
# What a proxy may hand us; anything else could smuggle words into the log.
_ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,40}")


@contextmanager
def traced(given: str | None = None) -> Iterator[str]:
    """Give everything inside one request id: the given one where it is well formed, otherwise a new one."""
    request_id = given if given and _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
    try:
        with bound_contextvars(**{_KEY: request_id}):
            yield request_id
    finally:
        unbind_contextvars(_FAILURE)


def note_failure(error: BaseException | None) -> None:
    """Have the lines of the log from here to the answer name the kind of this error."""
    bind_contextvars(**{_FAILURE: type(error).__name__})


def request_id() -> str:
    """Return the id of the request or task in hand; empty outside of any, as in a command."""
    return str(get_contextvars().get(_KEY, ""))
