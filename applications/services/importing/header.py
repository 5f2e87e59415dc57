"""The first lines of a file: which columns it has, and that it has rows at all."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from applications.errors import ImportRefusedError
from applications.services.importing.layout import Found
from modelling.features.schema import APPLICATION, TableSpec

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class TableFile:
    """A file that was looked into. columns: its column names in lower case, in the order of the file."""

    found: Found
    spec: TableSpec
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name the file as the person who brought it knows it."""
        return self.found.source.name


def look_into(spec: TableSpec, found: Found) -> TableFile:
    """Return the file with its columns; raises ImportRefusedError when it is empty or its columns are off."""
    with found.source.opened() as opened:
        first, second = opened.body.readline(), opened.body.readline()
    if not first.strip():
        raise ImportRefusedError(f"{found.source.name} is empty; expected a line of column names, then rows.")
    columns = _columns(found, first)
    _check_columns(spec, found, columns)
    if not second.strip():
        raise ImportRefusedError(f"{found.source.name} has column names and no row; get the file again.")
    return TableFile(found, spec, tuple(columns))


def _columns(found: Found, line: bytes) -> list[str]:
    try:
        text = line.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
        return [name.strip().lower() for name in next(csv.reader([text], strict=True))]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ImportRefusedError(
            f"{found.source.name}, line 1: the column names are no CSV in UTF-8 ({error}); save the file as UTF-8."
        ) from error


def _check_columns(spec: TableSpec, found: Found, columns: Sequence[str]) -> None:
    needed = [name for name in spec.column_names if not (name == "target" and found.stem == APPLICATION.files[1])]
    problems = {
        "lacks": [name for name in needed if name not in columns],
        "has unknown columns": [name for name in columns if name not in spec.column_names],
        "repeats": [name for name, count in Counter(columns).items() if count > 1],
    }
    said = [f"{what} {', '.join(names).upper()}" for what, names in problems.items() if names]
    if said:
        raise ImportRefusedError(
            f"{found.source.name}, line 1: it {' and '.join(said)}; {len(needed)} columns are expected, "
            f"{len(columns)} came. Nothing was imported."
        )
