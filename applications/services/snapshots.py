"""Snapshots: the dated folder of Parquet tables that training reads, and the labelled rows kept from it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import connection, transaction

from applications import audit, sources
from applications.errors import SnapshotError
from applications.models import Application, Kind
from applications.services.locks import Deed, alone
from applications.services.quality import Acceptance, Gate, champions_yardstick, check_acceptance
from modelling.feature_store.clients import FILE as LINES_FILE
from modelling.feature_store.clients import client_lines
from modelling.features.files import as_stored, write_table
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.models import QualityReport
from modelling.quality.profile import write_profile
from modelling.quality.tally import profile_folder

APPLICATIONS_AT_ONCE = 10_000
HELD_OUT = "held_out"
LATEST = "latest"
_PARTIAL = ".partial"
_LINES = "clients"
# The first 32 bits of the MD5 of the client's number, as a share of their range: stable, whatever else is stored.
_HELD_OUT_APPLICATIONS = """
    SELECT sk_id_curr FROM application
    WHERE target IS NOT NULL AND ('x' || left(md5(client_id::text), 8))::bit(32)::bigint < %s * 4294967296
"""

Watch = Callable[[Sequence[range]], Iterable[range]]


@dataclass(frozen=True)
class Manifest:
    """What a snapshot says of itself. digest: SHA-256 over the names and digests of its files; the same rows, the same.

    rows, held_out: number of rows by table. files: SHA-256 by path.
    """

    name: str
    created_at: str
    digest: str
    rows: Mapping[str, int]
    held_out: Mapping[str, int]
    held_out_share: float
    is_demo: bool
    files: Mapping[str, str]


def take_snapshot(
    name: str, *, now: datetime, held_out_share: float, watch: Watch = iter, acceptance: Acceptance | None = None
) -> Manifest:
    """Write all applications and their history, as they are at one moment, into a folder of that name.

    Labelled applications of a stable share of the clients go to its folder `held_out` instead, and training never
    sees them. Of a client with several applications the newest is taken: the history is told up to that one.
    watch: given the ranges of application numbers, returns them one by one as they are worked on. How its tables
    compare with those the champion learnt from is kept as its data quality report; while that blocks, and acceptance
    gives no person's word, training refuses the snapshot.
    Raises SnapshotError when the name is not free or there is nothing to write.
    """
    _check(name, held_out_share)
    if acceptance:
        check_acceptance(acceptance)
    with alone(Deed.SNAPSHOT):
        folder = _fresh_folder(name)
        with _one_moment():
            _write_parts(folder, _held_out(held_out_share), watch)
            is_demo = Application.objects.filter(is_demo=True).exists()
        rows, held_out = _join_parts(folder), _join_parts(folder / HELD_OUT)
        files = {str(path.relative_to(folder)): _sha256(path) for path in sorted(folder.rglob("*.parquet"))}
        digest = hashlib.sha256("".join(f"{path} {sha}\n" for path, sha in files.items()).encode()).hexdigest()
        manifest = Manifest(name, now.isoformat(), digest, rows, held_out, held_out_share, is_demo, files)
        (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
        _publish(folder, manifest, _gate(folder, manifest), acceptance)
    return manifest


def _check(name: str, held_out_share: float) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) or name == LATEST:
        raise SnapshotError(f"{name!r} cannot name a snapshot: letters, digits, '.', '_' and '-', and not {LATEST!r}.")
    if (settings.SNAPSHOTS_DIR / name).exists():
        raise SnapshotError(f"A snapshot {name!r} exists already; choose another name.")
    if not 0 <= held_out_share < 1:
        raise SnapshotError(f"A share of {held_out_share} cannot be held out; it should be at least 0 and below 1.")
    if not Application.objects.exists():
        raise SnapshotError("There is no application to take a snapshot of; import the tables first.")


def _fresh_folder(name: str) -> Path:
    """Make the folder that takes the final name when it is complete; what a killed process left is removed."""
    settings.SNAPSHOTS_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in settings.SNAPSHOTS_DIR.glob(f".*{_PARTIAL}"):
        shutil.rmtree(left)
    folder: Path = settings.SNAPSHOTS_DIR / f".{name}{_PARTIAL}"
    folder.mkdir(mode=0o700)
    for path in _part_folders(folder):
        path.mkdir(parents=True)
    return folder


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let every query see the rows of one moment; inside a caller's transaction, that one decides."""
    is_ours = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_ours:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _held_out(share: float) -> pl.Series:
    with connection.cursor() as cursor:
        cursor.execute(_HELD_OUT_APPLICATIONS, (share,))
        return pl.Series([row[0] for row in cursor.fetchall()], dtype=pl.Int64)


def _write_parts(folder: Path, held_out: pl.Series, watch: Watch) -> None:
    ranges = list(sources.each_range(APPLICATIONS_AT_ONCE))
    for number, some in enumerate(watch(ranges)):
        tables = sources.tables_of_range(some)
        is_out = tables.application["sk_id_curr"].is_in(held_out.implode())
        _write_part(folder, number, tables.of_clients(tables.application["sk_id_curr"].filter(~is_out)))
        _write_part(folder / HELD_OUT, number, tables.of_clients(tables.application["sk_id_curr"].filter(is_out)))


def _part_folders(folder: Path) -> list[Path]:
    return [part / name for part in (folder, folder / HELD_OUT) for name in (*TABLES, _LINES)]


def _write_part(folder: Path, number: int, tables: Tables) -> None:
    stored = as_stored(tables)
    for name, rows in (stored | {_LINES: client_lines(stored)}).items():
        rows.write_parquet(folder / name / f"{number:06}.parquet")


def _join_parts(folder: Path) -> dict[str, int]:
    """Make one file of the parts of each table, streaming, and of the clients' lines; returns the rows by table."""
    for name, spec in TABLES.items():
        write_table(pl.scan_parquet(folder / name / "*.parquet"), spec, folder)
    lines = pl.read_parquet(folder / _LINES / "*.parquet")
    lines.write_parquet(folder / LINES_FILE)
    for path in (folder / name for name in (*TABLES, _LINES)):
        shutil.rmtree(path)
    return {name: int(lines[name].sum()) for name in TABLES}


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _gate(folder: Path, manifest: Manifest) -> Gate:
    """Note what the tables look like beside them, and compare that with the champion's."""
    profile = profile_folder(folder)
    write_profile(profile, folder)
    gate = Gate(QualityReport.Occasion.SNAPSHOT, manifest.name, champions_yardstick(is_demo=manifest.is_demo))
    for name, table in profile.tables.items():
        gate.look_at(name, table)
    return gate


@transaction.atomic
def _publish(folder: Path, manifest: Manifest, gate: Gate, acceptance: Acceptance | None) -> None:
    """Give the folder its name, point `latest` to it, and record both."""
    gate.conclude(acceptance, digest=manifest.digest)
    audit.record(
        Kind.SNAPSHOT_TAKEN,
        actor=None,
        subject=("snapshot", manifest.name),
        data={key: value for key, value in asdict(manifest).items() if key not in {"name", "created_at", "files"}},
    )
    folder.rename(settings.SNAPSHOTS_DIR / manifest.name)
    link = settings.SNAPSHOTS_DIR / f".{LATEST}"
    link.unlink(missing_ok=True)
    link.symlink_to(manifest.name, target_is_directory=True)
    link.replace(settings.SNAPSHOTS_DIR / LATEST)
