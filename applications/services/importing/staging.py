"""A table's rows as they came, copied into a temporary table typed for speed.

The files write whole numbers as "1.0", so every number but a key is double precision here; checks come later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.db import DataError, connection, transaction
from django.db.backends.utils import CursorWrapper

from applications.errors import ImportRefusedError
from applications.services.importing.header import TableFile
from applications.services.importing.progress import Progress
from applications.services.importing.reading import CHUNK_BYTES, Pieces
from applications.services.importing.rejects import Problem, Rejects
from applications.services.importing.scanning import scan
from modelling.features.schema import Kind, TableSpec

STAGED = "staged"
CHANGED = "changed"
_TYPE = dict.fromkeys(Kind, "double precision") | {Kind.KEY: "bigint", Kind.CATEGORY: "text"}


@dataclass(frozen=True)
class Staged:
    """One file, copied. rows: how many it has, those left out included. sha256: of the file as it came."""

    rows: int
    sha256: str


class _CopyRefusedError(Exception):
    """PostgreSQL could not take the file as it is."""


def create_staging(cursor: CursorWrapper, spec: TableSpec) -> None:
    """Make the staging table. file, row: where each row comes from, rows from 1."""
    columns = ", ".join(f"{column.name} {_TYPE[column.kind]}" for column in spec.columns)
    cursor.execute(
        f"CREATE TEMPORARY TABLE {STAGED} ({columns}, file smallint, row integer GENERATED ALWAYS AS IDENTITY)"
    )


def drop_staging(cursor: CursorWrapper) -> None:
    """Drop what the table's transaction needed for itself; when it fails, its rollback does."""
    cursor.execute(f"DROP TABLE {STAGED}, {CHANGED}")


def stage(cursor: CursorWrapper, rejects: Rejects, number: int, progress: Progress) -> Staged:
    """Copy one file in; lines that are no row of the table are left out and added to the rejects."""
    try:
        return _copy(cursor, rejects, number, progress)
    except _CopyRefusedError as refusal:
        rejects.left_out[number] = _reject_scanned(rejects, number, refusal)
    return _copy(cursor, rejects, number, progress)


def _reject_scanned(rejects: Rejects, number: int, refusal: _CopyRefusedError) -> frozenset[int]:
    lines: set[int] = set()
    listed: list[Problem] = []
    for problem in scan(rejects.files[number], number):
        lines.add(problem.line)
        if len(lines) <= rejects.limit:
            listed.append(problem)
    if not lines:
        raise ImportRefusedError(f"{rejects.files[number].name} cannot be read: {refusal}")
    rejects.add(listed, len(lines))
    return frozenset(lines)


def _copy(cursor: CursorWrapper, rejects: Rejects, number: int, progress: Progress) -> Staged:
    file, left_out = rejects.files[number], rejects.left_out.get(number, frozenset())
    on_bytes = None if left_out else progress.advance
    with file.found.source.opened(on_bytes) as opened:
        feed = _Feed(Pieces.reader(_without(opened.body, left_out)) if left_out else opened.body)
        with transaction.atomic():
            cursor.execute(f"ALTER TABLE {STAGED} ALTER COLUMN file SET DEFAULT {number}, ALTER COLUMN row RESTART")
            _copy_feed(cursor, file, feed)
        return Staged(feed.lines - 1 + len(left_out), opened.sha256)


def _copy_feed(cursor: CursorWrapper, file: TableFile, feed: _Feed) -> None:
    columns = ", ".join(file.columns)
    options = f"FORMAT csv, HEADER true, ENCODING 'UTF8', FORCE_NULL ({columns})"
    try:
        with connection.wrap_database_errors:  # this method of the driver's cursor is not wrapped by Django
            cursor.copy_expert(f"COPY {STAGED} ({columns}) FROM STDIN ({options})", feed, CHUNK_BYTES)
    except DataError as error:
        raise _CopyRefusedError(str(error).strip()) from error
    except Exception:
        if feed.failure:  # the driver says only that reading failed
            raise feed.failure from None
        raise
    if cursor.rowcount != feed.lines - 1:
        raise _CopyRefusedError(f"it has {feed.lines} lines and {cursor.rowcount} rows; each row should be one line")


def _without(body: IO[bytes], left_out: frozenset[int]) -> Iterator[bytes]:
    return (line for number, line in enumerate(body, start=1) if number not in left_out)


class _Feed:
    """What COPY reads from: counts lines, and remembers why reading failed."""

    def __init__(self, body: IO[bytes]) -> None:
        self._body = body
        self._ends_open = False
        self._line_ends = 0
        self.failure: BaseException | None = None

    @property
    def lines(self) -> int:
        """Give the number of lines read, the last one too when nothing ends it."""
        return self._line_ends + self._ends_open

    def read(self, size: int) -> bytes:
        try:
            piece = self._body.read(size)
        except BaseException as error:
            self.failure = error
            raise
        if piece:
            self._line_ends += piece.count(b"\n")
            self._ends_open = not piece.endswith(b"\n")
        return piece
