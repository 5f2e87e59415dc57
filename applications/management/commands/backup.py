"""Make an encrypted backup."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.errors import BackupError
from applications.services.backup import keys, make_backup


class Command(BaseCommand):
    """Back up the database and the bundles."""

    help = "Write the database, the bundles and a manifest into one encrypted file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("target", nargs="?", type=Path, help="file to write (STATE_DIR/backups/TIME.age)")

    def handle(self, *args: Any, target: Path | None, **options: Any) -> None:
        try:
            backup = make_backup(target or _new_file())
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Backed up {backup.rows} rows and the bundles to {backup.path}, {backup.size_bytes} bytes.")
        if not settings.BACKUP_RECIPIENT:
            self.stdout.write(
                f"Only the key in {keys.own_identity_file()} opens it: keep a copy of both on another machine."
            )


def _new_file() -> Path:
    folder = Path(settings.STATE_DIR) / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{timezone.now():%Y-%m-%dT%H%M%SZ}.age"
