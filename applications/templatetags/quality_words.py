"""How a data quality report is told: what was found, the figures then and now, and what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from applications.categories import category_label
from applications.selectors.dictionary import Entry, column_entry
from applications.templatetags import scoring_format
from applications.templatetags.feature_words import in_language, range_words
from modelling.models import QualityReport
from modelling.quality.findings import Finding, FindingKind, Severity

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

register = template.Library()

_SEVERITIES: Mapping[Severity, tuple[str, StrPromise]] = {
    Severity.BLOCK: ("refuse", pgettext_lazy("finding", "Blocks")),
    Severity.WARN: ("refer", pgettext_lazy("finding", "To be watched")),
}
_VERDICTS: Mapping[str, tuple[str, StrPromise]] = {
    QualityReport.Verdict.NOT_COMPARED: ("", pgettext_lazy("verdict", "Not compared")),
    QualityReport.Verdict.CLEAN: ("accept", pgettext_lazy("verdict", "Nothing to report")),
    QualityReport.Verdict.WARNED: ("refer", pgettext_lazy("verdict", "To be watched")),
    QualityReport.Verdict.BLOCKED: ("refuse", pgettext_lazy("verdict", "Blocked")),
}
_ACCEPTED = ("refer", pgettext_lazy("verdict", "Blocked, then accepted"))
_MONTHS = "bureau_balance"  # its rows belong to a bureau credit, not to a client
_WHOLE_TABLE: Mapping[tuple[FindingKind, bool], StrPromise] = {
    (FindingKind.OWNERS, False): gettext_lazy("Share of the clients who have at least one row"),
    (FindingKind.OWNERS, True): gettext_lazy("Share of the bureau credits that have at least one month"),
    (FindingKind.ROWS, False): gettext_lazy("Rows of a client who has any, on average"),
    (FindingKind.ROWS, True): gettext_lazy("Months of a bureau credit that has any, on average"),
}


@register.filter
def severity_pill(severity: Severity) -> SafeString:
    """Show what a finding asks for: a word on its colour."""
    return format_html('<span class="pill {}">{}</span>', *_SEVERITIES[severity])


@register.filter
def verdict_pill(report: QualityReport) -> SafeString:
    """Show what a report came to: a word on its colour."""
    is_accepted = report.accepted_at is not None
    return format_html('<span class="pill {}">{}</span>', *(_ACCEPTED if is_accepted else _VERDICTS[report.verdict]))


@register.filter
def finding_words(finding: Finding) -> str:
    """Say what was found."""
    match finding.kind:
        case FindingKind.UNSEEN:
            return gettext("Values never seen before: %(words)s") % {"words": _quoted(finding)}
        case FindingKind.OUTSIDE:
            return gettext("Values out of the plausible range, %(range)s") % {"range": _range(finding)}
        case FindingKind.MISSING:
            return gettext("Share of rows without a value")
        case FindingKind.MOVED:
            words = gettext("Median where hardly a value lay; nearly all lay %(range)s. Is it another unit?")
            return words % {"range": _range(finding)}
        case _:
            return str(_WHOLE_TABLE[finding.kind, finding.table == _MONTHS])


@register.filter
def figure_then(finding: Finding) -> str:
    """Write the figure of the tables the champion learnt from."""
    return _figure(finding, finding.then)


@register.filter
def figure_now(finding: Finding) -> str:
    """Write the figure of the tables that came."""
    return _figure(finding, finding.now)


@register.filter
def finding_column(finding: Finding) -> Entry | None:
    """Give the dictionary's entry of the column; None for a finding about the whole table."""
    return column_entry(finding.table, finding.column) if finding.column else None


@register.filter
def finding_subject(finding: Finding) -> str:
    """Say what a finding is about: a column, or the whole table."""
    entry = finding_column(finding)
    return in_language(entry.label) if entry else gettext("The whole table")


def _figure(finding: Finding, value: float) -> str:
    if finding.kind is FindingKind.ROWS:
        return scoring_format.number(value, 1)
    if finding.kind is FindingKind.MOVED:
        return _in_days(finding, scoring_format.euros(value) if _is_euros(finding) else scoring_format.plain(value))
    return _share(value)


def _share(value: float) -> str:
    """Write a share so that a rare thing is not told as none."""
    if 0 < value < 0.0001:
        return pgettext("share", "less than %(share)s") % {"share": scoring_format.percent(0.0001, 2)}
    return scoring_format.percent(value, 2 if 0 < value < 0.001 else 1)


def _range(finding: Finding) -> str:
    return _in_days(finding, range_words(finding.low, finding.high, "euros" if _is_euros(finding) else ""))


def _in_days(finding: Finding, words: str) -> str:
    """Name the unit where the reader knows the column by another: an age is published in days."""
    return gettext("%(amount)s days") % {"amount": words} if finding.column.startswith("days_") else words


def _is_euros(finding: Finding) -> bool:
    entry = finding_column(finding)
    return entry is not None and entry.unit == "euros"


def _quoted(finding: Finding) -> str:
    words = (gettext("“%(word)s”") % {"word": category_label(finding.column, word)} for word in finding.words)
    return ", ".join(words)
