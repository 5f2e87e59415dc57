"""Which files of the published layout a folder or an archive holds, and which it lacks."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from applications.errors import ImportRefusedError
from applications.services.importing.reading import Packing, Source
from modelling.features.schema import APPLICATION, TABLES, TableSpec

DEMO_MARK = "DEMO_DATA.txt"
PUBLISHED = {stem.lower(): stem for spec in TABLES.values() for stem in spec.files}


@dataclass(frozen=True)
class Found:
    """A file of the layout. stem: its published name without ending."""

    stem: str
    source: Source


@dataclass(frozen=True)
class Layout:
    """What was found. files: by table name, at least one each. unknown: names of the files left alone."""

    files: Mapping[str, tuple[Found, ...]]
    unknown: tuple[str, ...]
    is_demo: bool


def find_layout(path: Path) -> Layout:
    """Return the files of the seven tables in a folder or zip archive.

    Raises ImportRefusedError when there is nothing to read, a table is missing, or one came twice.
    """
    sources = list(_sources(path))
    found = [Found(stem, source) for name, source in sources if (stem := _stem(name)) and source]
    unknown = tuple(name for name, source in sources if not (source and _stem(name)))
    _check_none_twice(found)
    files = {spec.name: tuple(_files_of(spec, found)) for spec in TABLES.values()}
    _check_none_missing(path, files, found, unknown)
    return Layout(files, unknown, is_demo=any(PurePosixPath(name).name == DEMO_MARK for name in unknown))


def _sources(path: Path) -> Iterator[tuple[str, Source | None]]:
    """Give each file with its name, and how to read it if its ending tells."""
    if path.is_dir():
        for file in sorted(file for file in path.iterdir() if file.is_file()):
            yield file.name, _source_of_file(file)
    elif path.is_file() and zipfile.is_zipfile(path):
        for member in _members(path):
            yield member, _source_of_member(path, member)
    else:
        raise ImportRefusedError(f"{path} is neither a folder nor a zip archive; give one that holds the tables.")


def _source_of_file(file: Path) -> Source | None:
    if file.name.lower().endswith(".csv.zip"):
        return _only_member(file)
    return next((Source(file, packing) for packing in Packing if file.name.lower().endswith(packing)), None)


def _only_member(file: Path) -> Source:
    if not zipfile.is_zipfile(file):
        raise ImportRefusedError(f"{file.name} is damaged or cut short (it is no zip archive); get the file again.")
    sources = [source for member in _members(file) if (source := _source_of_member(file, member))]
    if len(sources) != 1:
        raise ImportRefusedError(f"{file.name} should hold one .csv file; it holds {len(sources)}.")
    return sources[0]


def _source_of_member(archive: Path, member: str) -> Source | None:
    packings = (Packing.PLAIN, Packing.GZIP)  # a Parquet file cannot be read from inside an archive
    return next((Source(archive, packing, member) for packing in packings if member.lower().endswith(packing)), None)


def _members(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        names = (info.filename for info in opened.infolist() if not info.is_dir())
        # macOS packs a shadow of each file, named like it but for "._".
        return sorted(name for name in names if not PurePosixPath(name).name.startswith("._"))


def _stem(name: str) -> str | None:
    return PUBLISHED.get(PurePosixPath(name).name.lower().split(".")[0])


def _check_none_twice(found: list[Found]) -> None:
    for stem in PUBLISHED.values():
        names = [file.source.name for file in found if file.stem == stem]
        if len(names) > 1:
            raise ImportRefusedError(f"{stem} came {len(names)} times: {', '.join(names)}. Keep the one to import.")


def _files_of(spec: TableSpec, found: list[Found]) -> Iterator[Found]:
    for stem in spec.files:
        yield from (file for file in found if file.stem == stem)


def _check_none_missing(
    path: Path, files: Mapping[str, tuple[Found, ...]], found: list[Found], unknown: tuple[str, ...]
) -> None:
    missing = [" or ".join(TABLES[name].files) for name, came in files.items() if not came]
    if not missing:
        return
    came = ", ".join([file.source.name for file in found] + [f"{name} (unknown)" for name in unknown])
    raise ImportRefusedError(
        f"{path.name} lacks {', '.join(missing)}. It holds: {came or 'no file'}. "
        f"All six history tables and at least one of {', '.join(APPLICATION.files)} are needed; nothing was imported."
    )
