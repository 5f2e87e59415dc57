"""Lists by cursor: the same speed on every page, and none skips or repeats a row while others come in."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from applications.selectors.dictionary import Entry

USUAL_A_PAGE = 50
MOST_A_PAGE = 200


class ByCursor(CursorPagination):
    """Newest applications first."""

    page_size = USUAL_A_PAGE
    page_size_query_param = "page_size"
    max_page_size = MOST_A_PAGE
    ordering = ("-received_on", "sk_id_curr")

    def decode_cursor(self, request: Any) -> Any:
        """Return the place a cursor names; raises ValidationError for a word that is none."""
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise _no_cursor() from error


@dataclass(frozen=True)
class Part:
    """The entries of a page of the dictionary, and the addresses of the pages beside it."""

    rows: Sequence[Entry]
    next: str | None
    previous: str | None


def part_of(rows: Sequence[Entry], request: Request, *, cursor: str, size: int) -> Part:
    """Return the page that begins with the entry whose key a cursor names, or the first page without one.

    Raises ValidationError for a word that is no cursor of this list.
    """
    start = _place(rows, cursor) if cursor else 0
    before = max(start - size, 0)
    return Part(
        rows=rows[start : start + size],
        next=_address(request, rows[start + size]) if start + size < len(rows) else None,
        previous=_address(request, rows[before] if before else None) if start else None,
    )


def _place(rows: Sequence[Entry], cursor: str) -> int:
    try:
        key = urlsafe_b64decode(cursor.encode()).decode()
    except ValueError as error:
        raise _no_cursor() from error
    place = next((place for place, row in enumerate(rows) if row.key == key), None)
    if place is None:
        raise _no_cursor()
    return place


def _address(request: Request, row: Entry | None) -> str:
    address = request.build_absolute_uri()
    if row is None:
        return str(remove_query_param(address, "cursor"))
    return str(replace_query_param(address, "cursor", urlsafe_b64encode(row.key.encode()).decode()))


def _no_cursor() -> ValidationError:
    return ValidationError({"cursor": _("This is no cursor; take the address in `next` or `previous` as it came.")})
