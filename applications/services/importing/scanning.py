"""The exact look at a file that COPY refused: every line that is not a row of the table, with its reason."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator

from applications.services.importing.header import TableFile
from applications.services.importing.rejects import Problem
from modelling.features.schema import Kind

_WHOLE = re.compile(r"\s*[+-]?\d+\s*", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf(inity)?)\s*", re.ASCII | re.IGNORECASE)
_KEY_LIMIT = 2**63


def scan(file: TableFile, number: int) -> Iterator[Problem]:
    """Give what is wrong with the lines of a file, in order. number: the file's place among those of its table."""
    kinds = {column.name: column.kind for column in file.spec.columns}
    faults = [(name.upper(), _FAULT[kinds[name]]) for name in file.columns]
    with file.found.source.opened() as opened:
        for line, raw in enumerate(opened.body, start=1):
            if line > 1:
                yield from (Problem(number, line, column, reason) for column, reason in _wrong_with(raw, faults))


_Faults = list[tuple[str, Callable[[str], str | None]]]


def _wrong_with(raw: bytes, faults: _Faults) -> Iterator[tuple[str, str]]:
    try:
        fields = next(csv.reader([raw.decode("utf-8")], strict=True), [])
    except UnicodeDecodeError as error:
        yield _column_at(raw[: error.start], faults), f"byte 0x{raw[error.start]:02X} is not UTF-8"
        return
    except csv.Error:
        yield "", "a quote is not closed on its line"
        return
    if len(fields) != len(faults):
        yield "", f"{len(faults)} fields are expected, {len(fields)} came"
        return
    for (column, fault), text in zip(faults, fields, strict=True):
        if text and (reason := fault(text)):
            yield column, reason


def _column_at(start_of_line: bytes, faults: _Faults) -> str:
    place = len(next(csv.reader([start_of_line.decode("utf-8")]), [""])) - 1
    return faults[place][0] if place < len(faults) else ""


def _fault_of_key(text: str) -> str | None:
    if not _WHOLE.fullmatch(text):
        return f"{text!r} is not a whole number"
    return None if -_KEY_LIMIT <= int(text) < _KEY_LIMIT else f"{text} is too large a number"


def _fault_of_number(text: str) -> str | None:
    if not _NUMBER.fullmatch(text):
        return f"{text!r} is not a number"
    # A number too large or too small for double precision, which PostgreSQL refuses rather than rounds.
    lost = float(text) == 0 and re.search(r"[1-9]", text.lower().split("e")[0])
    too_large = math.isinf(float(text)) and "inf" not in text.lower()
    return f"{text} is out of the range of numbers" if lost or too_large else None


def _fault_of_text(text: str) -> str | None:
    return "it holds a zero byte" if "\0" in text else None


_FAULT: dict[Kind, Callable[[str], str | None]] = {
    Kind.KEY: _fault_of_key,
    Kind.INTEGER: _fault_of_number,
    Kind.FLAG: _fault_of_number,
    Kind.REAL: _fault_of_number,
    Kind.CATEGORY: _fault_of_text,
}
