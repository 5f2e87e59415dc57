"""Files that come with a form: kept in memory up to a size, and nothing kept of a larger one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.http import HttpRequest

_TOO_LARGE = "applications.upload_too_large"


class Capped(MemoryFileUploadHandler):
    """Reads a file that is too large to its end, so that the browser hears the answer, and keeps none of it."""

    def handle_raw_input(self, *args: Any, **options: Any) -> None:
        """Take every file, whatever length the request claims to have."""
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece; stop at the largest size there is."""
        if start + len(raw_data) > settings.UPLOAD_MOST_BYTES:
            if self.request is not None:
                self.request.META[_TOO_LARGE] = True
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)


def was_too_large(request: HttpRequest) -> bool:
    """Tell whether a file of this request was dropped for its size; to be asked after the form's fields were read."""
    return bool(request.META.get(_TOO_LARGE))
