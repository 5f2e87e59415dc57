"""Take a snapshot of all applications for training."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from applications.errors import OfficeError
from applications.management.acceptance import acceptance_of, add_acceptance
from applications.selectors.quality import report_of_snapshot
from applications.services.quality import sentence
from applications.services.snapshots import take_snapshot


class Command(BaseCommand):
    """Write a snapshot and say what it holds."""

    help = "Writes all applications with their history as Parquet tables, a share of the labelled ones kept apart."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", help="name of the folder; by default the time in UTC")
        parser.add_argument("--held-out-share", type=float, default=0.1, metavar="SHARE", help="0 to 1, by client")
        add_acceptance(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it; leaves with status 1 and a sentence when it cannot be taken, or is blocked."""
        now = timezone.now()
        try:
            manifest = take_snapshot(
                options["name"] or f"{now:%Y%m%dT%H%M%SZ}",
                now=now,
                held_out_share=options["held_out_share"],
                acceptance=acceptance_of(options),
                watch=partial(tqdm, unit="range", desc="snapshot", dynamic_ncols=True),
            )
        except OfficeError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Snapshot {manifest.name}: {sum(manifest.rows.values()):,} rows of {manifest.rows['application']:,} "
            f"applications, {manifest.held_out['application']:,} more held out; digest {manifest.digest}."
        )
        _tell_quality(self, manifest.name)


def _tell_quality(command: BaseCommand, name: str) -> None:
    report = report_of_snapshot(name)
    if report.is_blocking:
        raise CommandError(
            f"{sentence(report)} Training refuses this snapshot until a person who read /quality/{report.pk} accepts "
            f"it: accept_quality {report.pk} --by USERNAME --reason TEXT."
        )
    command.stdout.write(sentence(report))
