"""Data quality reports: the newest first, and one with its findings."""

from __future__ import annotations

from dataclasses import dataclass

from modelling.features.schema import TABLES
from modelling.models import QualityReport
from modelling.quality.findings import Finding, Severity

PAGE_SIZE = 50


@dataclass(frozen=True)
class ReportLine:
    """One report of the list, with how many of its findings block and warn; None where nothing was compared."""

    report: QualityReport
    blocks: int | None
    warnings: int | None


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
    return ReportPage(tuple(map(_line, shown)), shown[-1].pk if len(found) > PAGE_SIZE else None)


def find_report(number: int) -> QualityReport | None:
    """Return a report, None when there is none."""
    return QualityReport.objects.select_related("compared_with", "accepted_by").filter(pk=number).first()


def findings_of(report: QualityReport) -> list[Finding]:
    """Return what a report found, the worst first."""
    return [Finding.of_json(facts) for facts in report.findings]


def rows_of(report: QualityReport) -> list[tuple[str, int]]:
    """Return how many rows of each table were compared, in the tables' order."""
    return [(name, report.rows[name]) for name in TABLES if name in report.rows]


def report_of_snapshot(name: str) -> QualityReport:
    """Return the report of the snapshot taken last by this name."""
    reports = QualityReport.objects.filter(occasion=QualityReport.Occasion.SNAPSHOT, subject=name)
    return reports.select_related("compared_with").latest("pk")


def _line(report: QualityReport) -> ReportLine:
    if report.verdict == QualityReport.Verdict.NOT_COMPARED:
        return ReportLine(report, None, None)
    return ReportLine(report, report.count(Severity.BLOCK), report.count(Severity.WARN))
