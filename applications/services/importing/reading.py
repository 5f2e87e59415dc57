"""One file of a table, read as a stream of CSV bytes whatever it is packed in."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol

import polars as pl

from applications.errors import ImportRefusedError

CHUNK_BYTES = 1 << 18
PARQUET_BATCH_ROWS = 50_000
# What a damaged file raises, by the library that reads it.
DAMAGED = (EOFError, OSError, zlib.error, zipfile.BadZipFile, pl.exceptions.PolarsError)


class Packing(StrEnum):
    """How a file is packed, by the ending of its name."""

    PLAIN = ".csv"
    GZIP = ".csv.gz"
    PARQUET = ".parquet"


@dataclass(frozen=True)
class Source:
    """Where the bytes of a file are: a file, or a member of a zip archive."""

    path: Path
    packing: Packing
    member: str | None = None

    @property
    def name(self) -> str:
        """Name the file as the person who brought it knows it."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @property
    def unit(self) -> str:
        """Say what a place in the file is counted in: a Parquet file has rows, and no line for their names."""
        return "row" if self.packing is Packing.PARQUET else "line"

    @property
    def size_bytes(self) -> int:
        """Give the size of what is read from the disk, or out of the archive."""
        if self.member is None:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.member).file_size

    @contextmanager
    def opened(self, on_bytes: Callable[[int], None] | None = None) -> Iterator[OpenedSource]:
        """Open the stream of CSV bytes; on_bytes is told of each piece read. Damage becomes ImportRefusedError."""
        with ExitStack() as stack:
            try:
                tape = stack.enter_context(_Tape(self._packed(stack), on_bytes or (lambda _: None)))
                body = stack.enter_context(self._unpacked(tape))
                yield OpenedSource(body, tape)
            except DAMAGED as error:
                raise self.refusal(error) from error

    def refusal(self, error: BaseException) -> ImportRefusedError:
        """Say in a sentence that the file cannot be read to its end."""
        return ImportRefusedError(f"{self.name} is damaged or cut short ({error}); get the file again.")

    def _packed(self, stack: ExitStack) -> IO[bytes]:
        if self.member is None:
            return stack.enter_context(self.path.open("rb"))
        archive = stack.enter_context(zipfile.ZipFile(self.path))
        return stack.enter_context(archive.open(self.member))

    def _unpacked(self, tape: _Tape) -> IO[bytes]:
        if self.packing is Packing.GZIP:
            return gzip.GzipFile(fileobj=io.BufferedReader(tape, CHUNK_BYTES))  # type: ignore[return-value]
        if self.packing is Packing.PARQUET:
            return Pieces.reader(_parquet_as_csv(self.path, tape))
        return io.BufferedReader(tape, CHUNK_BYTES)


@dataclass(frozen=True)
class OpenedSource:
    """A file being read. body: its CSV bytes, from the line of names on."""

    body: IO[bytes]
    tape: _Tape

    @property
    def sha256(self) -> str:
        """Give the SHA-256 of the bytes read so far, as packed: the file's own, once it was read to its end."""
        return self.tape.digest.hexdigest()


class _Tape(io.RawIOBase):
    """Pass bytes on, counting and digesting them."""

    def __init__(self, inner: IO[bytes], on_bytes: Callable[[int], None]) -> None:
        self._inner = inner
        self._on_bytes = on_bytes
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: _Buffer) -> int:  # type: ignore[override]
        piece = self._inner.read(len(buffer))
        buffer[: len(piece)] = piece
        self.digest.update(piece)
        self._on_bytes(len(piece))
        return len(piece)


class _Buffer(Protocol):
    def __len__(self) -> int: ...

    def __setitem__(self, place: slice, piece: bytes, /) -> None: ...


class Pieces(io.RawIOBase):
    """A file made of pieces of bytes that come one after the other."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")

    @classmethod
    def reader(cls, pieces: Iterator[bytes]) -> io.BufferedReader:
        """Give these pieces as a buffered binary file."""
        return io.BufferedReader(cls(pieces), CHUNK_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: _Buffer) -> int:  # type: ignore[override]
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = bytes(part)
        return len(part)


def _parquet_as_csv(path: Path, tape: _Tape) -> Iterator[bytes]:
    """Write the rows as CSV, batch by batch; a number is written so that it comes back to the last bit."""
    while tape.read(CHUNK_BYTES):  # Polars reads the file by itself: the tape digests it
        pass
    table = pl.scan_parquet(path)
    yield pl.DataFrame(schema=table.collect_schema()).write_csv().encode()
    rows: int = table.select(pl.len()).collect().item()
    for start in range(0, rows, PARQUET_BATCH_ROWS):
        yield table.slice(start, PARQUET_BATCH_ROWS).collect().write_csv(include_header=False).encode()
