"""Data quality: tables are compared with those the champion learnt from; what blocks needs a person's word."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from applications import audit
from applications.access import Action, may
from applications.errors import QualityError
from applications.models import Kind, User
from applications.templatetags.quality_words import figure_now, figure_then, finding_words
from modelling import registry
from modelling.errors import UnknownModelVersionError
from modelling.models import ModelVersion, QualityReport
from modelling.quality.comparison import compare_table
from modelling.quality.findings import Finding, FindingKind, Limits, Severity, worst_first
from modelling.quality.profile import Profile, TableProfile

_WORST_TOLD = 3

Occasion, Verdict, Obstacle = QualityReport.Occasion, QualityReport.Verdict, QualityReport.Obstacle


@dataclass(frozen=True)
class Acceptance:
    """A person's word that what blocks is let through all the same, and why."""

    by: User
    reason: str


@dataclass(frozen=True)
class Yardstick:
    """What tables are compared with. profile: None where there is nothing; then obstacle says why."""

    version: ModelVersion | None = None
    profile: Profile | None = None
    obstacle: str = ""


def champions_yardstick(*, is_demo: bool) -> Yardstick:
    """Give what the champion's training tables looked like; real rows are not measured by made-up ones."""
    try:
        version = registry.champion()
    except UnknownModelVersionError:
        return Yardstick(obstacle=Obstacle.NO_CHAMPION)
    bundle = registry.bundle_of(version)
    if bundle.is_demo and not is_demo:
        return Yardstick(version, obstacle=Obstacle.DEMO_CHAMPION)
    return Yardstick(version, bundle.tables, "" if bundle.tables else Obstacle.NO_PROFILE)


def limits() -> Limits:
    """Give the limits of the settings. Raises ImproperlyConfigured for a kind of finding that has none."""
    known = {kind.value for kind in FindingKind} - {FindingKind.MOVED.value}
    for name in ("QUALITY_WARN", "QUALITY_BLOCK"):
        if unknown := sorted(set(getattr(settings, name)) - known):
            raise ImproperlyConfigured(f"{name} has no {', '.join(unknown)}; it knows {', '.join(sorted(known))}.")
    return Limits(settings.QUALITY_WARN, settings.QUALITY_BLOCK, settings.QUALITY_CHANCE)


@dataclass
class Gate:
    """What was found so far about the tables of one import or snapshot, which `subject` names."""

    occasion: QualityReport.Occasion
    subject: str
    yardstick: Yardstick
    tables: dict[str, TableProfile] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _report: QualityReport | None = None

    @property
    def compares(self) -> bool:
        """Tell whether there is anything to compare with."""
        return self.yardstick.profile is not None

    def look_at(self, name: str, profile: TableProfile) -> bool:
        """Compare a table, after the one it hangs on; tells whether it may pass without a person's word."""
        self.tables[name] = profile
        if self.yardstick.profile is None:
            return True
        found = compare_table(name, self.yardstick.profile, Profile(self.tables), limits())
        self.findings += found
        return all(finding.severity is not Severity.BLOCK for finding in found)

    def conclude(self, acceptance: Acceptance | None, *, digest: str = "") -> QualityReport:
        """Store the report, once, and the acceptance if it blocks and a person accepts that."""
        if self._report is None:
            self._report = self._stored(acceptance, digest)
        return self._report

    @transaction.atomic
    def _stored(self, acceptance: Acceptance | None, digest: str) -> QualityReport:
        report = QualityReport.objects.create(
            occasion=self.occasion,
            subject=self.subject[-255:],
            digest=digest,
            verdict=self._verdict(),
            obstacle=self.yardstick.obstacle,
            compared_with=self.yardstick.version if self.compares else None,
            rows={name: table.rows for name, table in self.tables.items()},
            findings=[finding.to_json() for finding in worst_first(self.findings)],
        )
        return accept(report, acceptance) if acceptance and report.is_blocking else report

    def _verdict(self) -> QualityReport.Verdict:
        if not self.compares:
            return Verdict.NOT_COMPARED
        severities = {finding.severity for finding in self.findings}
        if Severity.BLOCK in severities:
            return Verdict.BLOCKED
        return Verdict.WARNED if severities else Verdict.CLEAN


@transaction.atomic
def accept(report: QualityReport, acceptance: Acceptance) -> QualityReport:
    """Let through what a report blocks, by a person's word.

    Raises QualityError when the person may not, gives no reason, or the report holds nothing back.
    """
    check_acceptance(acceptance)
    report = QualityReport.objects.select_for_update().get(pk=report.pk)
    if not report.is_blocking:
        raise QualityError(f"Data quality report {report.pk} holds nothing back: there is nothing to accept.")
    report.accepted_at, report.accepted_by = timezone.now(), acceptance.by
    report.accepted_reason = acceptance.reason.strip()
    report.save()
    told = {"occasion": report.occasion, "subject": report.subject, "blocks": report.count(Severity.BLOCK)}
    audit.record(
        Kind.QUALITY_ACCEPTED, actor=acceptance.by, subject=report, data=told | {"reason": report.accepted_reason}
    )
    return report


def check_acceptance(acceptance: Acceptance) -> None:
    """Raise QualityError unless the person may accept what blocks, and says why."""
    if not may(acceptance.by, Action.ACCEPT_QUALITY):
        raise QualityError(
            f"{acceptance.by.username} may not accept what data quality blocks: an analyst, a manager or an "
            f"administrator may."
        )
    if not acceptance.reason.strip():
        raise QualityError("Say why what data quality blocks is accepted: the reason is kept with the report.")


def sentence(report: QualityReport) -> str:
    """Say in an English sentence what a report came to, with the worst of what blocks."""
    with override("en"):
        if not report.compared_with:
            return f"Data quality: nothing to compare with, {report.get_obstacle_display()}."
        findings = [Finding.of_json(facts) for facts in report.findings]
        blocks = [_told(one) for one in findings if one.severity is Severity.BLOCK]
        return (
            f"Data quality report {report.pk}, against the tables of model version {report.compared_with.number}: "
            f"{len(blocks)} findings block, {len(findings) - len(blocks)} warn."
            f"{''.join(f' {one}.' for one in blocks[:_WORST_TOLD])}"
        )


def _told(finding: Finding) -> str:
    place = ".".join(filter(None, [finding.table, finding.column]))
    return f"{place}: {finding_words(finding)} ({figure_then(finding)} then, {figure_now(finding)} now)"
