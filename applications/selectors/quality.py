"""Data quality reports: the newest first, and one with its findings."""

from __future__ import annotations

from dataclasses import dataclass

from modelling.models import QualityReport
from modelling.quality.findings import Finding, Severity

PAGE_SIZE = 50


@dataclass(frozen=True)
class ReportLine:
    """One report of the list, with how many of its findings block and warn."""

    report: QualityReport
    blocks: int
    warnings: int


@dataclass(frozen=True)
class ReportPage:
    """One page of reports. next_before: where the page after begins; None on the last."""

    lines: tuple[ReportLine, ...]
    next_before: int | None


def report_page(*, before: int | None = None) -> ReportPage:
    """Return reports by falling number, those below `before`."""
    reports = QualityReport.objects.select_related("compared_with", "accepted_by").order_by("-pk")
    if before is not None:
        reports = reports.filter(pk__lt=before)
    found = list(reports[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    lines = tuple(ReportLine(one, one.count(Severity.BLOCK), one.count(Severity.WARN)) for one in shown)
    return ReportPage(lines, shown[-1].pk if len(found) > PAGE_SIZE else None)


def find_report(number: int) -> QualityReport | None:
    """Return a report, None when there is none."""
    return QualityReport.objects.select_related("compared_with", "accepted_by").filter(pk=number).first()


def findings_of(report: QualityReport) -> list[Finding]:
    """Return what a report found, the worst first."""
    return [Finding.of_json(facts) for facts in report.findings]


def report_of_snapshot(name: str) -> QualityReport:
    """Return the report of the snapshot taken last by this name."""
    reports = QualityReport.objects.filter(occasion=QualityReport.Occasion.SNAPSHOT, subject=name)
    return reports.select_related("compared_with").latest("pk")
