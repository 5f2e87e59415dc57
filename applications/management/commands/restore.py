"""Restore a backup."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.errors import BackupError
from applications.services.backup import restore


class Command(BaseCommand):
    """Restore a backup into an empty installation and check it."""

    help = "Restore a backup into an empty database and bundles folder, then check counts, audit chain, probabilities."
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--key", type=Path, required=True, help="file with the AGE-SECRET-KEY of the backup")

    def handle(self, *args: Any, archive: Path, key: Path, **options: Any) -> None:
        try:
            restored = restore(archive, key=key)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored the backup of {restored.made_at}: {restored.rows} rows, the audit log whole, "
            f"{restored.recomputed} assessments computed again, each equal to the bit."
        )
