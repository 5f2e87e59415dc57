"""Drift as it was measured: the newest report, one feature's distributions, and the trend from report to report."""

from __future__ import annotations

from applications.models import Alert, AlertKind
from modelling.models import DriftFinding, DriftReport

TREND_LENGTH = 30


def report_by_number(number: int | None) -> DriftReport | None:
    """Return a report, the newest without a number; None when there is none."""
    reports = DriftReport.objects.select_related("version").order_by("-pk")
    return reports.first() if number is None else reports.filter(pk=number).first()


def findings_of(report: DriftReport) -> list[DriftFinding]:
    """Return what was found, the most moved feature first."""
    return list(report.findings.order_by("-psi", "feature"))


def trend_of_score(report: DriftReport) -> list[DriftReport]:
    """Return the reports of the same model version up to this one, the oldest first, at most TREND_LENGTH."""
    before = DriftReport.objects.filter(version=report.version_id, pk__lte=report.pk).order_by("-pk")
    return list(before[:TREND_LENGTH])[::-1]


def trend_of_feature(finding: DriftFinding) -> list[DriftFinding]:
    """Return the findings on the same feature of the same version up to this one, the oldest first."""
    same = DriftFinding.objects.filter(
        feature=finding.feature, report__version=finding.report.version_id, report__lte=finding.report_id
    )
    return list(same.select_related("report").order_by("-report")[:TREND_LENGTH])[::-1]


def unseen_alerts() -> list[Alert]:
    """Return the alerts on drift that nobody has seen, the newest first."""
    return list(Alert.objects.filter(kind=AlertKind.DRIFT, seen_at__isnull=True).order_by("-pk"))
