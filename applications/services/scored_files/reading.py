"""From the text of a file to what each line asks, and to what is wrong with which cell. Nothing is stored here."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from applications.errors import FileRefusedError
from applications.services.intake import NEEDED
from applications.services.scored_files.cells import Value, value_of
from applications.services.scored_files.decoding import text_of
from modelling.features.legal import BARRED_COLUMNS
from modelling.features.schema import APPLICATION

NUMBER = "sk_id_curr"
# Accepted, so that the published files can be taken as they are, and not read: the outcome, and what the law bars.
NOT_READ = frozenset({"target"}) | BARRED_COLUMNS
MOST_FAULTS = 100
_SEPARATORS = (";", ",", "\t")
_COLUMNS = {column.name: column for column in APPLICATION.columns}

Reader = Callable[[str], Value | None]


@dataclass(frozen=True)
class Fault:
    """What is wrong in one place. column: "" when it is the whole line."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Item:
    """What one line asks. facts: empty when the number is that of an application known here."""

    line: int
    number: int | None
    facts: dict[str, Any]


@dataclass
class Read:
    """A file as it was read. faults: at most MOST_FAULTS, of `fault_count`; with any, nothing of it may be used."""

    separator: str
    columns: tuple[str, ...]
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    @property
    def is_of_known(self) -> bool:
        """Tell whether it lists numbers of applications known here, and nothing else."""
        return self.columns == (NUMBER,)

    @property
    def not_read(self) -> tuple[str, ...]:
        """Give the columns that are there and are not looked at."""
        return tuple(name.upper() for name in self.columns if name in NOT_READ)

    def tell(self, line: int, column: str, sentence: str) -> None:
        """Note a fault."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(line, column.upper(), sentence))


def read_file(content: bytes) -> Read:
    """Return what a file asks, with every fault by line and column.

    Raises FileRefusedError with a sentence when it is no CSV, or its columns are not those of an application.
    """
    text = text_of(content)
    separator = max(_SEPARATORS, key=text.partition("\n")[0].count)
    rows = _rows(text, separator)
    _line, header = next(rows)
    columns = tuple(name.strip().lower() for name in header)
    _check_columns(columns)
    found = Read(separator, columns)
    # A file says the same in one column many times over: each word of it is read once.
    readers = {name: cache(partial(value_of, _COLUMNS[name])) for name in columns if name not in NOT_READ}
    for line, cells in rows:
        _read_line(found, line, cells, readers)
    if not found.items and not found.faults:
        raise FileRefusedError(_("The file has column names and no line: one line an applicant is expected."))
    _check_numbers(found)
    return found


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the line it begins on; empty ones are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    most, count, line = settings.UPLOAD_MOST_LINES, 0, 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                if count > most + 1:
                    raise FileRefusedError(
                        _("The file has more than %(most)s lines: split it into smaller ones.") % {"most": most}
                    )
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        told = {"line": reader.line_num, "error": error}
        raise FileRefusedError(
            _("Line %(line)s cannot be read as CSV (%(error)s): check its quotes.") % told
        ) from error


def _check_columns(columns: Sequence[str]) -> None:
    unknown = [name for name in columns if name not in _COLUMNS]
    twice = [name for name, count in Counter(columns).items() if count > 1]
    lacking = [] if columns == (NUMBER,) else [name for name in NEEDED if name not in columns]
    if unknown:
        told = {"names": _listed(name or _("(no name)") for name in unknown)}
        raise FileRefusedError(_("Line 1: there are no columns called %(names)s; see the model file.") % told)
    if twice:
        raise FileRefusedError(_("Line 1: these columns come twice: %(names)s.") % {"names": _listed(twice)})
    if lacking:
        raise FileRefusedError(_("Line 1: these columns are required: %(names)s.") % {"names": _listed(lacking)})


def _listed(names: Iterator[str] | Sequence[str]) -> str:
    every = [name.upper()[:60] for name in names]
    return ", ".join(every[:8]) + ("…" if len(every) > 8 else "")


def _read_line(found: Read, line: int, cells: Sequence[str], readers: Mapping[str, Reader]) -> None:
    if len(cells) != len(found.columns):
        told = {"expected": len(found.columns), "came": len(cells)}
        found.tell(line, "", _("%(expected)s cells are expected, %(came)s came") % told)
        return
    values: dict[str, Any] = {}
    for name, cell in zip(found.columns, cells, strict=True):
        if name in readers:
            values[name] = _cell(found, (line, name), cell, readers[name])
    number = values.pop(NUMBER, None)
    facts = {name: value for name, value in values.items() if value is not None}
    found.items.append(Item(line, number, facts))


def _cell(found: Read, place: tuple[int, str], cell: str, read: Reader) -> Value | None:
    line, name = place
    try:
        value = read(cell)
    except ValueError as wrong:
        found.tell(line, name, str(wrong))
        return None
    if value is None and (name in NEEDED or found.is_of_known):
        found.tell(line, name, _("a value is required here"))
    return value


def _check_numbers(found: Read) -> None:
    first: dict[int, int] = {}
    for item in found.items:
        if item.number is None:
            continue
        if item.number in first:
            told = {"number": item.number, "line": first[item.number]}
            found.tell(item.line, NUMBER, _("%(number)s stands on line %(line)s already") % told)
        first.setdefault(item.number, item.line)
