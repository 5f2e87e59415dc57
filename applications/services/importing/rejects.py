"""Rows that cannot be imported, and the file that gives them back with their reasons."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from applications.services.importing.header import TableFile

LISTED_AT_MOST = 10_000


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row. line: its place in the file, the line of names being 1; column: in capitals or ''."""

    file: int
    line: int
    column: str
    reason: str

    @property
    def place(self) -> tuple[int, int]:
        """Order problems as they stand in the files."""
        return self.file, self.line


class RowsRejectedError(Exception):
    """More rows are rejected than may be let through."""


@dataclass
class Rejects:
    """The rows of one table that cannot be imported.

    allowed: how many may be left out. row_count: how many there are. problems: what is wrong with them; all of them,
    unless there are more than `limit`. left_out: by file, the lines that are not even in staging.
    """

    files: Sequence[TableFile]
    allowed: int
    row_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    left_out: dict[int, frozenset[int]] = field(default_factory=dict)

    @property
    def limit(self) -> int:
        """Give how many rows are listed at most."""
        return max(self.allowed, LISTED_AT_MOST)

    def add(self, problems: Iterable[Problem], row_count: int) -> None:
        """Take in the problems of so many rows; raises RowsRejectedError when they are too many to list."""
        self.row_count += row_count
        self.problems.extend(problems)
        if self.row_count > self.limit:
            raise RowsRejectedError

    def check(self) -> None:
        """Raise RowsRejectedError when more rows are rejected than are allowed."""
        if self.row_count > self.allowed:
            raise RowsRejectedError

    def line_of(self, file: int, row: int) -> int:
        """Give the line of a staged row: each row is one line, after the line of names and those left out."""
        line = row + 1
        for gone in sorted(self.left_out.get(file, ())):
            line += gone <= line
        return line

    def first(self) -> str:
        """Name file, line, column and reason of the first problem."""
        problem = min(self.problems, key=attrgetter("place"))
        file = self.files[problem.file]
        unit = file.found.source.unit
        place = problem.line - 1 if unit == "row" else problem.line
        return ", ".join(filter(None, [file.name, f"{unit} {place}", problem.column])) + f": {problem.reason}"


def write_rejects(rejects: Rejects, folder: Path, now: datetime) -> Path:
    """Write the rejected rows with their reasons and return the file's path; only its owner may read it.

    They are personal data: the file is to be deleted once the rows are corrected.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{rejects.files[0].spec.name}-{now:%Y%m%dT%H%M%S.%f}.csv"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "line", "column", "reason", "row"])
        for number, file in enumerate(rejects.files):
            writer.writerows(_written(file, [problem for problem in rejects.problems if problem.file == number]))
    return path


def _written(file: TableFile, problems: Iterable[Problem]) -> Iterator[list[object]]:
    by_line = {
        line: list(group) for line, group in groupby(sorted(problems, key=attrgetter("line")), key=attrgetter("line"))
    }
    rows = _rows_at(file, by_line)
    for line, found in by_line.items():
        columns = " ".join(dict.fromkeys(problem.column for problem in found if problem.column))
        yield [file.name, line, columns, "; ".join(problem.reason for problem in found), rows.get(line, "")]


def _rows_at(file: TableFile, lines: Mapping[int, object]) -> dict[int, str]:
    if not lines:
        return {}
    with file.found.source.opened() as opened:
        return {
            number: raw.decode("utf-8", errors="backslashreplace").rstrip("\r\n")
            for number, raw in enumerate(opened.body, start=1)
            if number in lines
        }
