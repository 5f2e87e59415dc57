"""Writing demo data to a folder: chunk by chunk, and all or nothing."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol, cast

import polars as pl

from modelling.demo_data.chunk import Frames, draw_chunk
from modelling.demo_data.errors import DemoDataError
from modelling.demo_data.people import CHUNK_CLIENTS

MARKER = "DEMO_DATA.txt"
MARKER_TEXT = (
    "Données de démonstration : clients synthétiques, aucune personne réelle.\n"
    "Demo data: synthetic clients, no real person.\n"
)
FILES = (
    "application_train",
    "application_test",
    "bureau",
    "bureau_balance",
    "previous_application",
    "POS_CASH_balance",
    "installments_payments",
    "credit_card_balance",
)
# Speed before size: demo data is made, imported and thrown away.
GZIP_LEVEL = 3


class FileFormat(StrEnum):
    """How the tables are written; the value is the ending of the file names."""

    CSV = "csv"
    CSV_GZ = "csv.gz"
    PARQUET = "parquet"


def write_demo_data(
    out: Path,
    *,
    clients: int,
    seed: int,
    file_format: FileFormat = FileFormat.CSV,
    on_clients: Callable[[int], object] | None = None,
) -> dict[str, int]:
    """Write the tables of `clients` synthetic clients into the folder `out` and give the rows a file.

    Same seed, same bytes; the first clients are the same whatever their number. `on_clients` is told how many clients
    each step has added. Nothing stands in `out` before everything does.
    Raises DemoDataError when `out` holds anything already or when there is no client to make.
    """
    if clients < 1:
        raise DemoDataError(f"At least 1 client is needed; {clients} were asked for.")
    with _whole_folder(out) as folder:
        rows = _write_tables(folder, clients, seed, file_format, on_clients)
        (folder / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
    return rows


@contextmanager
def _whole_folder(out: Path) -> Iterator[Path]:
    """Give a temporary folder beside `out` that takes its name at the end, or vanishes."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DemoDataError(f"{out} is not an empty folder. Name a new one, or empty it first.")
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield folder
        folder.chmod(0o755)
        if out.exists():
            out.rmdir()
        folder.rename(out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


class _TableFile(Protocol):
    """A file that takes a table frame by frame."""

    def append(self, frame: pl.DataFrame) -> None:
        """Add rows."""


def _write_tables(
    folder: Path, clients: int, seed: int, file_format: FileFormat, on_clients: Callable[[int], object] | None
) -> dict[str, int]:
    rows = dict.fromkeys(FILES, 0)
    with ExitStack() as stack:
        files = {name: stack.enter_context(_table_file(folder, name, file_format)) for name in FILES}
        for frames, count in _chunks(seed, clients):
            for name in FILES:
                files[name].append(frames[name])
                rows[name] += frames[name].height
            if on_clients is not None:
                on_clients(count)
    return rows


def _chunks(seed: int, clients: int) -> Iterator[tuple[Frames, int]]:
    for chunk, start in enumerate(range(0, clients, CHUNK_CLIENTS)):
        count = min(CHUNK_CLIENTS, clients - start)
        yield draw_chunk(seed, chunk, clients=count), count


@contextmanager
def _table_file(folder: Path, name: str, file_format: FileFormat) -> Iterator[_TableFile]:
    path = folder / f"{name}.{file_format}"
    if file_format is FileFormat.PARQUET:
        parts = _ParquetParts(path)
        yield parts
        parts.join()
        return
    with _open_text(path, file_format) as stream:
        yield _CsvFile(stream)


@contextmanager
def _open_text(path: Path, file_format: FileFormat) -> Iterator[IO[bytes]]:
    with path.open("wb") as raw:
        if file_format is FileFormat.CSV:
            yield raw
            return
        # No name and no time in the header: the same rows give the same bytes.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=raw, mtime=0) as packed:
            yield cast("IO[bytes]", packed)


class _CsvFile:
    """Appends frames as CSV, the header once."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._has_header = False

    def append(self, frame: pl.DataFrame) -> None:
        frame.write_csv(self._stream, include_header=not self._has_header)
        self._has_header = True


class _ParquetParts:
    """Writes one Parquet file a frame beside the target, and joins them at the end without holding them in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts: list[Path] = []

    def append(self, frame: pl.DataFrame) -> None:
        part = self._path.with_name(f"{self._path.stem}-{len(self._parts):05}.part")
        frame.write_parquet(part)
        self._parts.append(part)

    def join(self) -> None:
        """Write the one file and remove the parts."""
        pl.scan_parquet(self._parts).sink_parquet(self._path, row_group_size=250_000, maintain_order=True)
        for part in self._parts:
            part.unlink()
