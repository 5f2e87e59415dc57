"""What stands around every request: its id, its line in the log and in the metrics, its language, its second factor."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse

from applications import metrics, tracing
from applications.access import needs_second_factor

GetResponse = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)


def french_first(get_response: GetResponse) -> GetResponse:
    """Hide Accept-Language from LocaleMiddleware, which then knows the language cookie alone; stands before it.

    French first: a browser's own languages do not count, only the reader's choice on the site does.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        return get_response(request)

    return respond


def monitors_without_session(get_response: GetResponse) -> GetResponse:
    """Hide the cookies of whoever asks for health or figures, so that no session is read; before SessionMiddleware.

    Sessions lie in the database: a browser with one must be told of its absence by the answer, not by an error page.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(("/health/", "/metrics")):
            request.META.pop("HTTP_COOKIE", None)
        return get_response(request)

    return respond


# Where a person still without his second factor may go.
_OPEN = ("login", "logout", "second_factor", "set_language")


def second_factor_first(get_response: GetResponse) -> GetResponse:
    """Send whoever needs a second factor to show it before any page; stands after OTPMiddleware."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not needs_second_factor(request.user) or request.user.is_verified():  # type: ignore[union-attr]
            return get_response(request)
        if _is_open(request.path_info):
            return get_response(request)
        return redirect_to_login(request.get_full_path(), reverse("second_factor"))

    return respond


def _is_open(path: str) -> bool:
    try:
        return resolve(path).url_name in _OPEN
    except Http404:
        return False


def traced(get_response: GetResponse) -> GetResponse:
    """Give the request an id, sent back in X-Request-ID, and write one line when it is answered; stands first."""

    def respond(request: HttpRequest) -> HttpResponse:
        with tracing.traced(request.headers.get(tracing.HEADER)) as request_id:
            started = time.perf_counter()
            response = get_response(request)
            _tell(request, response, time.perf_counter() - started)
            response[tracing.HEADER] = request_id
            return response

    return respond


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Name the route, never the address: an address may hold what somebody typed."""
    route = _route(request)
    metrics.REQUEST_SECONDS.labels(_method(request), route, response.status_code).observe(seconds)
    if not route.startswith("health/"):
        told = {"method": _method(request), "route": route, "status": response.status_code}
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        logger.log(level, "answered", extra={**told, "ms": round(seconds * 1000, 1)})


def _route(request: HttpRequest) -> str:
    """Return the pattern of the address, also of a request that failed before its view was looked for."""
    try:
        return (request.resolver_match or resolve(request.path_info)).route
    except Http404:
        return "unknown"


def _method(request: HttpRequest) -> str:
    return request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"
