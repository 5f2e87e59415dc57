"""Measure drift now, as each night does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications import tasks
from applications.services.drift import measure_drift
from modelling.errors import ModellingError


class Command(BaseCommand):
    """Compare the applications of the last weeks with those the champion was trained on."""

    help = (
        "Compare the applications of the last DRIFT_WINDOW_DAYS days with those the champion was trained on; the page "
        "on drift shows what came of it, and an alert is sent when a limit is passed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            measured = measure_drift(today=timezone.localdate())
        except ModellingError as error:
            raise CommandError(str(error)) from error
        report = measured.report
        self.stdout.write(
            f"Report {report.pk}: {report.clients_now} applications, stability index of the score "
            f"{report.score_psi:.3f}, expected default rate {report.expected['default_rate']:.1%}."
        )
        for finding in report.findings.all()[:5]:
            self.stdout.write(f"  {finding.feature}: {finding.psi:.3f}")
        if measured.alert:
            tasks.enqueue_alert(measured.alert.pk)
            self.stdout.write("A limit is passed: an alert is raised.")
