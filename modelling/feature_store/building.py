"""The whole build: which parts there are to make, whose rows are as before, and one file in the end."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import reduce
from pathlib import Path

import polars as pl

from modelling.errors import FeatureStoreError, gettext_noop
from modelling.feature_store.clients import DIGEST, read_client_lines
from modelling.feature_store.feature_file import FILE, SEAL, FeatureFile, Recipe, find_features, sha256, table_files
from modelling.feature_store.parts import Part, PartReport, build_part
from modelling.feature_store.ranges import client_ranges
from modelling.features.aggregates import CLIENT

CLIENTS_AT_ONCE = 20_000
# Fixed, so that the same features give the same bytes.
ROWS_A_GROUP = 16_384
WORKING = ".features.partial"

Watch = Callable[[Iterable[PartReport], int], Iterable[PartReport]]


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    reused: clients taken over, from `previous` or from a build of this folder. dropped: clients of `previous` who went.
    """

    file: FeatureFile
    computed: int
    reused: int
    dropped: int
    previous: FeatureFile | None


def unwatched(reports: Iterable[PartReport], _count: int) -> Iterable[PartReport]:
    """Let a build go on without telling anybody."""
    return reports


def build_feature_file(
    folder: Path,
    files: Mapping[str, str],
    *,
    pool: Executor,
    previous: FeatureFile | None = None,
    watch: Watch = unwatched,
) -> BuildReport:
    """Build the features of a folder of Parquet tables into its file `features.parquet`, range after range.

    files: SHA-256 of the tables by file name. previous: an earlier file, whose clients with the same rows are taken
    over. watch: given the reports to come and their number, returns them one by one. A build that broke off goes on
    where it stopped; the file has the same bytes however often, with whatever pool and previous file.
    Raises FeatureStoreError when another process builds here, TableSchemaError when the tables are not as described.
    """
    with _alone(folder):
        built = find_features(folder, files)
        if built is not None and built.is_intact():
            return BuildReport(built, computed=0, reused=built.clients, dropped=0, previous=None)
        previous = previous if previous is not None and previous.is_intact() else None
        lines = read_client_lines(folder).filter(pl.col("application") > 0).select(CLIENT, DIGEST)
        before = pl.read_parquet(previous.path, columns=[CLIENT, DIGEST]) if previous else lines.clear()
        kept = before.join(lines, on=[CLIENT, DIGEST], how="semi")[CLIENT]
        parts = _plan(folder, files, previous, kept)
        to_do = [part for part in parts if not part.path.exists()]
        computed = sum(report.computed for report in watch(_reports(pool, to_do), len(to_do)))
        built = _join(folder, files, parts, previous, kept)
        dropped = before.join(lines, on=CLIENT, how="anti").height
        return BuildReport(built, computed, built.clients - computed, dropped, previous)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder; the lock goes with the process, whatever ends it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FeatureStoreError(
            gettext_noop("Another process builds the features of {folder}; wait until it has ended."),
            folder=str(folder),
        ) from None


def _plan(folder: Path, files: Mapping[str, str], previous: FeatureFile | None, kept: pl.Series) -> list[Part]:
    """List the parts that have clients to compute; those of an interrupted build are kept if it was to build the same.

    kept: the clients who are taken over.
    """
    working, recipe = folder / WORKING, Recipe.of_this_code()
    asked = json.dumps([asdict(recipe), table_files(files), CLIENTS_AT_ONCE, previous.sha256 if previous else None])
    plan = working / "plan.json"
    if not (plan.is_file() and plan.read_text(encoding="utf-8") == asked):
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir(mode=0o700)
        plan.write_text(asked, encoding="utf-8")
    lines = read_client_lines(folder)
    changed = lines.filter(~pl.col(CLIENT).is_in(kept.implode()))
    parts = (
        Part(folder, working, clients, clients.of(changed).select(CLIENT, DIGEST), recipe)
        for clients in client_ranges(lines, CLIENTS_AT_ONCE)
    )
    return [part for part in parts if part.changed.height]


def _reports(pool: Executor, parts: Sequence[Part]) -> Iterator[PartReport]:
    try:
        for future in as_completed([pool.submit(build_part, part) for part in parts]):
            yield future.result()
    except CancelledError:
        raise FeatureStoreError(
            gettext_noop("The workers went away; run it again, and it goes on where it stopped.")
        ) from None


def _join(
    folder: Path, files: Mapping[str, str], parts: Sequence[Part], previous: FeatureFile | None, kept: pl.Series
) -> FeatureFile:
    """Make one file of the parts and of who is taken over, streaming; sealed, it counts, and then the parts go."""
    whole = folder / WORKING / FILE
    _rows(parts, previous, kept).sink_parquet(whole, row_group_size=ROWS_A_GROUP)
    (folder / SEAL).unlink(missing_ok=True)
    clients = kept.len() + sum(part.changed.height for part in parts)
    built = FeatureFile(folder, Recipe.of_this_code(), clients, sha256(whole), table_files(files))
    whole.replace(built.path)
    built.write_seal()
    shutil.rmtree(folder / WORKING)
    return built


def _rows(parts: Sequence[Part], previous: FeatureFile | None, kept: pl.Series) -> pl.LazyFrame:
    sources = [pl.scan_ipc([part.path for part in parts])] if parts else []
    if previous is not None:
        sources.append(pl.scan_parquet(previous.path).filter(pl.col(CLIENT).is_in(kept.implode())))
    return reduce(lambda one, other: one.merge_sorted(other, key=CLIENT), sources)
