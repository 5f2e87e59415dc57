"""What stands around every request: its id, its line in the log and in the metrics, and its language."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from applications import metrics, tracing

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
    route = request.resolver_match.route if request.resolver_match else "unknown"
    metrics.REQUEST_SECONDS.labels(_method(request), route, response.status_code).observe(seconds)
    if not route.startswith("health/"):
        told = {"method": _method(request), "route": route, "status": response.status_code}
        logger.info("answered", extra={**told, "ms": round(seconds * 1000, 1)})


def _method(request: HttpRequest) -> str:
    return request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"
