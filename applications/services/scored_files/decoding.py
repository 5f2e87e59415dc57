"""From the bytes of a file to its text, whatever program wrote it."""

from __future__ import annotations

import codecs
import re

from django.utils.translation import gettext as _

from applications.errors import FileRefusedError

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def text_of(content: bytes) -> str:
    """Return the text of a file: UTF-8, with a byte order mark or without, or else Windows' western code page.

    Raises FileRefusedError for what is no text.
    """
    if content.startswith((_ZIP, _OLD_EXCEL)):
        raise FileRefusedError(_("This is a workbook, not a CSV file: in Excel choose “Save as”, then “CSV UTF-8”."))
    if content.startswith(_UTF_16):
        raise FileRefusedError(_("This text is in UTF-16: save the file as “CSV UTF-8”."))
    text = _decoded(content)
    if _NO_TEXT.search(text):
        raise FileRefusedError(_("This is no text, so it cannot be a CSV file: save the table as “CSV UTF-8”."))
    if not text.strip():
        raise FileRefusedError(_("The file is empty: a line of column names is expected, then one line an applicant."))
    return text


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefusedError(_("This is no text, so it cannot be a CSV file: save the table as “CSV UTF-8”."))
