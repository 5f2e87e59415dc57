"""Lists by cursor: the same speed on every page, and none skips or repeats a row while others come in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination

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
            said = _("This is no cursor; take the address in `next` or `previous` as it came.")
            raise ValidationError({"cursor": said}) from error
