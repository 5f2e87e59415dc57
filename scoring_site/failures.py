"""What is answered when something fails that no view foresaw: a sentence, or a problem where programs ask."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from applications.api.problems import problem_of_failure
from applications.tracing import note_failure


def failed(request: HttpRequest) -> HttpResponse:
    """Tell a failure in words; a database that is away is a 503, to be tried again.

    Nothing that needs the database is shown: neither the person's name nor the menu.
    """
    error = sys.exc_info()[1]
    note_failure(error)
    if request.path_info.startswith("/api/"):
        return problem_of_failure(error)
    if isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(loader.render_to_string("503.html"), status=503, headers={"Retry-After": "10"})
    return HttpResponse(loader.render_to_string("500.html"), status=500)
