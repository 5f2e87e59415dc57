"""French first: a browser's own languages do not count, only the reader's choice on the site does."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def french_first(get_response: GetResponse) -> GetResponse:
    """Hide Accept-Language from LocaleMiddleware, which then knows the language cookie alone; stands before it."""

    def respond(request: HttpRequest) -> HttpResponse:
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        return get_response(request)

    return respond
