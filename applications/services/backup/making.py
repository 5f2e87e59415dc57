"""Making a backup: the database at one moment, the bundles, a manifest; one file, encrypted, whole or not there."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from applications import audit
from applications.errors import BackupError
from applications.models import Kind
from applications.services.backup import keys, programs
from applications.services.backup.manifest import Manifest, audit_head, digests, row_counts

DUMP, BUNDLES, START = "database.dump", "bundles", "ready.json"


@dataclass(frozen=True)
class Backup:
    """A backup that was made. rows: of all tables together."""

    path: Path
    size_bytes: int
    rows: int


def make_backup(target: Path) -> Backup:
    """Write a backup to a file that must not exist yet, and an audit event about it.

    What is not encrypted yet stays in a folder of the state folder that only its owner can open, and goes at the end.
    Raises BackupError when the file exists, its folder does not, or pg_dump fails.
    """
    if target.exists() or not target.parent.is_dir():
        raise BackupError(f"A backup is written to a new file in a folder that exists; {target} is not one.")
    recipient = keys.recipient()
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.STATE_DIR) as name:
        folder = Path(name) / "content"
        manifest = _gather(folder)
        _seal(folder, target, recipient)
    backup = Backup(target, target.stat().st_size, sum(manifest.tables.values()))
    told = {"bytes": backup.size_bytes, "rows": backup.rows}
    audit.record(Kind.BACKUP_MADE, actor=None, subject=("backup", manifest.made_at), data=told)
    return backup


def _gather(folder: Path) -> Manifest:
    """Put everything into one folder: the counts, the audit chain's head and the dump see the same moment."""
    folder.mkdir()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        programs.dump(folder / DUMP, snapshot=str(cursor.fetchone()[0]))
        tables, head = row_counts(), audit_head()
    _copy(Path(settings.BUNDLES_DIR), folder / BUNDLES)
    if (start := Path(settings.STATE_DIR) / START).exists():
        shutil.copyfile(start, folder / START)
    manifest = Manifest(timezone.now().isoformat(timespec="seconds"), tables, head, digests(folder))
    manifest.write(folder)
    return manifest


def _copy(bundles: Path, target: Path) -> None:
    """Copy the sealed bundles; a folder whose name begins with a dot is still being written."""
    if bundles.is_dir():
        shutil.copytree(bundles, target, ignore=shutil.ignore_patterns(".*"))


def _seal(folder: Path, target: Path, recipient: pyrage.x25519.Recipient) -> None:
    bare, unfinished = folder.with_name("content.tar"), target.with_name(f".{target.name}.part")
    with tarfile.open(bare, "w") as archive:
        archive.add(folder, arcname=".")
    try:
        pyrage.encrypt_file(str(bare), str(unfinished), [recipient])
        unfinished.chmod(0o600)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
