"""Every error of the API as application/problem+json (RFC 9457): what was expected, what came, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from applications import tracing
from applications.errors import DATABASE_AWAY, NoPolicyError, OfficeError
from modelling.errors import ModellingError

MEDIA_TYPE = "application/problem+json"
BLANK = "about:blank"


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problems."""

    media_type = MEDIA_TYPE


class Conflict(exceptions.APIException):
    """The request contradicts what is stored."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Unprocessable(exceptions.APIException):
    """The request is well formed and cannot be carried out."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "unprocessable"


class TooLarge(exceptions.APIException):
    """The request's body is larger than the site takes."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class Unavailable(exceptions.APIException):
    """Something the answer needs is not there yet: a model version, a policy."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"


def answer_problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the problem for an error of a view; None for what nobody foresaw, which Django answers with 500."""
    known = _as_api_error(error)
    if known is None:
        return None
    if known.status_code >= status.HTTP_500_INTERNAL_SERVER_ERROR:
        tracing.note_failure(error)
    set_rollback()
    response = Response(_problem(known), status=known.status_code, headers=_headers(known))
    response.content_type = MEDIA_TYPE
    # In JSON also where the address itself speaks YAML, as that of the schema does.
    context["request"].accepted_renderer, context["request"].accepted_media_type = ProblemRenderer(), MEDIA_TYPE
    return response


def problem_of_failure(error: BaseException | None) -> JsonResponse:
    """Return the problem for a failure outside of any view of the API, or one that nobody foresaw."""
    told = _unavailable(error) or exceptions.APIException(
        _("Something went wrong; the failure is in the log of the site, under this request_id.")
    )
    return JsonResponse(_problem(told), status=told.status_code, content_type=MEDIA_TYPE)


def _as_api_error(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound(str(error) or _("There is nothing here that you may see."))
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("The body of a request has 5 million bytes at most; send less at once."))
    if isinstance(error, OfficeError) and not isinstance(error, NoPolicyError):
        return Conflict(str(error))
    return _unavailable(error)


def _unavailable(error: BaseException | None) -> Unavailable | None:
    if isinstance(error, NoPolicyError | ModellingError):
        return Unavailable(str(error))
    if isinstance(error, DATABASE_AWAY):
        said = _("The database does not answer. Try again in a minute; with the same Idempotency-Key it is done once.")
        return Unavailable(said)
    return None


def _problem(error: exceptions.APIException) -> dict[str, Any]:
    faults = list(_faults(error.detail, ())) if isinstance(error, exceptions.ValidationError) else []
    problem: dict[str, Any] = {
        "type": BLANK,
        "title": _TITLES.get(error.status_code, "Error"),
        "status": error.status_code,
        "detail": _("Some fields are not as expected.") if faults else str(error.detail),
        "request_id": tracing.request_id(),
    }
    return {**problem, "errors": faults} if faults else problem


def _faults(detail: Any, path: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Flatten nested errors: where, as a JSON pointer, and what was expected there."""
    if isinstance(detail, Mapping):
        for name, below in detail.items():
            yield from _faults(below, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list):
        for place, below in enumerate(detail):
            nested = isinstance(below, Mapping | list)
            yield from _faults(below, (*path, str(place)) if nested else path)
    else:
        yield {"pointer": "".join(f"/{name}" for name in path), "detail": str(detail), "code": detail.code}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(header)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


_TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be carried out",
    429: "Too many requests",
    500: "Failed",
    503: "Not available yet",
}
