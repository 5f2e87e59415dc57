"""Lay the values of all assessed applications out for the pages that compare, as a task does by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.errors import BusyError
from applications.services.population import lay_out_population
from modelling.errors import ModellingError


class Command(BaseCommand):
    """Write the columns that comparisons, similar clients and statistics read."""

    help = (
        "Lay the values of all assessed applications out in columns, for comparisons, similar clients and statistics. "
        "A task does so each night, and within ten minutes when the model version or a hundredth of the book changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            columns = lay_out_population(now=timezone.now())
        except (BusyError, ModellingError) as error:
            raise CommandError(str(error)) from error
        if columns is None:
            self.stdout.write("No application is assessed: there is nothing to lay out.")
            return
        count = len(columns.encoding.features)
        self.stdout.write(f"{count} features of {len(columns)} clients are laid out in {columns.folder}.")
