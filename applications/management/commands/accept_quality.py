"""Accept what a data quality report blocks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applications.errors import OfficeError
from applications.management.acceptance import person
from applications.services.quality import Acceptance, accept
from modelling.models import QualityReport


class Command(BaseCommand):
    """Record a person's word that a blocked snapshot may be trained on."""

    help = "Accepts what a data quality report blocks, in a person's name and for a reason; both are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("report", type=int, help="number of the report")
        parser.add_argument("--by", required=True, metavar="USERNAME")
        parser.add_argument("--reason", required=True, metavar="TEXT")

    def handle(self, *args: Any, **options: Any) -> None:
        report = QualityReport.objects.filter(pk=options["report"]).first()
        if report is None:
            raise CommandError(f"There is no data quality report {options['report']}.")
        try:
            accepted = accept(report, Acceptance(person(options["by"]), options["reason"]))
        except OfficeError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Data quality report {accepted.pk} ({accepted.subject}) is accepted by {options['by']}.")
