"""How long a person stays logged in: not past an idle spell, not past a working day."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

_STARTED, _SEEN = "started_at", "seen_at"
# Written down at most so often: a session is a row, and most requests only read it.
_NOTED_SECONDS = 60


def limited(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Log a person out whose session is too old or was left alone too long; stands after authentication."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if _is_over(request.session, time.time()):
                logout(request)
            else:
                _note(request.session, time.time())
        return get_response(request)

    return respond


def _is_over(session: SessionBase, now: float) -> bool:
    started, seen = session.get(_STARTED, now), session.get(_SEEN, now)
    return bool(now - started > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS)


def _note(session: SessionBase, now: float) -> None:
    session.setdefault(_STARTED, now)
    if now - session.get(_SEEN, 0) > _NOTED_SECONDS:
        session[_SEEN] = now
