"""Lists by cursor: the same speed on every page, and none skips or repeats a row while others come in."""

from rest_framework.pagination import CursorPagination


class ByCursor(CursorPagination):
    """Newest applications first, 50 a page."""

    page_size = 50
    ordering = ("-received_on", "sk_id_curr")
