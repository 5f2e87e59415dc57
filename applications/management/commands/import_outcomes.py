"""Take in a file of observed outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from applications.errors import OutcomesError
from applications.services.outcomes import import_outcomes


class Command(BaseCommand):
    """Take outcomes in, so that the model can be measured and learn from them."""

    help = (
        "Takes in a CSV file with the columns id (number of the application), date (the day it was seen, 2026-09-30) "
        "and defaulted (0 or 1). The whole file or nothing: faulty lines are named. Twice the same changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = import_outcomes(options["path"], today=timezone.localdate(), actor=None)
        except OutcomesError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Outcomes: {taken.new} new, {taken.changed} changed, {taken.unchanged} unchanged.")
