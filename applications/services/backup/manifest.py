"""What a backup says of itself: how many rows each table has, where the audit chain stands, each file's digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path

from django.apps import apps
from django.db import connection

from applications.errors import BackupError

MANIFEST = "manifest.json"
_OURS = ("applications", "modelling")


@dataclass(frozen=True)
class Manifest:
    """made_at: ISO 8601. tables: rows of each of our tables. audit_head: hash of the last event. files: SHA-256."""

    made_at: str
    tables: Mapping[str, int]
    audit_head: str
    files: Mapping[str, str]

    def write(self, folder: Path) -> None:
        """Write it beside the files it is about."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, sort_keys=True))

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read it back and check every file by it; raises BackupError naming what is missing or changed."""
        try:
            manifest = cls(**json.loads((folder / MANIFEST).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise BackupError(f"The archive holds no manifest this release can read: {error}.") from error
        found = digests(folder)
        wrong = sorted(name for name, digest in manifest.files.items() if found.get(name) != digest)
        if wrong or found.keys() - manifest.files.keys():
            raise BackupError(f"The archive is not what was backed up; missing, changed or unknown: {wrong[:3]}.")
        return manifest


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under a folder but the manifest, by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): _digest(path) for path in files}


def row_counts() -> dict[str, int]:
    """Return the exact number of rows of each of our tables."""
    names = sorted(model._meta.db_table for app in _OURS for model in apps.get_app_config(app).get_models())
    with connection.cursor() as cursor:
        counts = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            counts[name] = int(cursor.fetchone()[0])
    return counts


def audit_head() -> str:
    """Return the hash of the last audit event; empty when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM audit_event ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
