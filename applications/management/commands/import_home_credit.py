"""Import the published tables from a folder or an archive."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from applications import tasks
from applications.errors import OfficeError
from applications.management.acceptance import acceptance_of, add_acceptance
from applications.services.assessment import request_assessments
from applications.services.importing import ImportReport, Orphans, Rules, import_tables
from applications.services.quality import sentence

QUEUE = "book"


class Command(BaseCommand):
    """Import tables, say what became of their rows, and have stale assessments made again."""

    help = (
        "Imports the Home Credit tables (.csv, .csv.gz, .csv.zip, .parquet, or the one big zip). The same rows twice "
        "change nothing; changed rows are updated and their assessments made again. An application that is new is "
        "given an agency by the setting AGENCY_RULE and, as the tables bear no date, a day of receipt within the last "
        "365 days, both by its number."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="DIR_OR_ZIP")
        parser.add_argument(
            "--max-rejects", type=_whole_number, default=0, metavar="N", help="let up to N faulty rows be left out"
        )
        parser.add_argument(
            "--orphans",
            choices=[choice.value for choice in Orphans],
            default=Orphans.REJECT.value,
            help="history rows of clients who have no application: an error, or left out and counted",
        )
        add_acceptance(parser)
        parser.add_argument("--demo", action="store_true", default=None, dest="is_demo", help="mark as demo data")
        parser.add_argument("--no-demo", action="store_false", dest="is_demo", help="do not, whatever the folder says")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; leaves with status 1 and a sentence when the files are refused."""
        rules = Rules(
            today=timezone.localdate(),
            max_rejects=options["max_rejects"],
            orphans=Orphans(options["orphans"]),
            is_demo=options["is_demo"],
            acceptance=acceptance_of(options),
        )
        try:
            with _Bar() as bar:
                report = import_tables(options["path"], rules, bar)
        except OfficeError as error:
            raise CommandError(str(error)) from error
        _have_assessed_again(report)
        self._tell(report)

    def _tell(self, report: ImportReport) -> None:
        if report.unknown:
            self.stdout.write(f"Left alone, not being of the layout: {', '.join(report.unknown)}.")
        for table in report.tables:
            self.stdout.write(f"{table.sentence}.")
        self.stdout.write(sentence(report.quality))
        self.stdout.write(
            f"Imported {sum(table.rows for table in report.tables):,} rows"
            f"{' of demo data' if report.is_demo else ''}; {report.touched:,} new versions of known applications, "
            f"{len(report.stale):,} assessments asked for again."
        )


def _have_assessed_again(report: ImportReport) -> None:
    with transaction.atomic():
        request_assessments(report.stale, queue=QUEUE)
        tasks.enqueue(report.stale, queue=QUEUE)


def _whole_number(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a number of rows")
    return int(text)


class _Bar:
    """A progress bar by bytes read."""

    def __enter__(self) -> _Bar:
        self._bar = tqdm(total=0, unit="B", unit_scale=True, dynamic_ncols=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def start(self, total_bytes: int) -> None:
        self._bar.reset(total=total_bytes)

    def advance(self, count: int) -> None:
        self._bar.update(count)

    def say(self, what: str) -> None:
        self._bar.set_description(what)
