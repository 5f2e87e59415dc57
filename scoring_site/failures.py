"""What is answered when something fails that no view foresaw: a sentence, or a problem where programs ask."""

from __future__ import annotations

import base64
import hashlib
import sys

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.template import loader

from applications.api.problems import problem_of_failure
from applications.errors import DATABASE_AWAY
from applications.tracing import note_failure


def _style_allowed() -> str:
    """Name the page's own style as the content security policy wants it."""
    style = loader.render_to_string("failure.css").encode()
    return f"'sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}'"


@csp_update({"style-src": [_style_allowed()]})
def failed(request: HttpRequest) -> HttpResponse:
    """Tell a failure in words; a database that is away is a 503, to be tried again.

    Nothing that needs the database is shown: neither the person's name nor the menu. Nor does the page need any other
    file: what failed may be the static files themselves.
    """
    error = sys.exc_info()[1]
    note_failure(error)
    if request.path_info.startswith("/api/"):
        return problem_of_failure(error)
    if isinstance(error, DATABASE_AWAY):
        return HttpResponse(loader.render_to_string("503.html"), status=503, headers={"Retry-After": "10"})
    return HttpResponse(loader.render_to_string("500.html"), status=500)
