"""Fairness as people read it: groups side by side, what the gate costs, and what features tell of sex and age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from applications.models import ProxyNote
from modelling.fairness_reports import latest_report, proxies_of
from modelling.models import FairnessReport, ModelVersion
from modelling.performance import Rate
from modelling.training.proxies import ATTRIBUTES, Proxy, beyond

TOP = 10

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """One group: its figures, as `group_report` gives them, and its defaults beside those expected."""

    figures: Figures
    rate: Rate


@dataclass(frozen=True)
class Attribute:
    """A protected attribute. gaps: by rate, the widest difference and the smallest ratio between its groups."""

    name: str
    groups: tuple[Group, ...]
    gaps: Figures

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Return the groups' rates, which share a scale."""
        return tuple(group.rate for group in self.groups)

    @property
    def approval_gap(self) -> float | None:
        """Return the widest difference of approval rates; None with a single group that is large enough."""
        return self.gaps["approval_rate"]["difference"] if self.gaps else None

    @property
    def miscalibrated(self) -> tuple[Group, ...]:
        """Return the large enough groups whose mean prediction is outside what their true default rate may be."""
        return tuple(
            group for group in self.groups if group.figures["is_large_enough"] and not group.figures["is_calibrated"]
        )


@dataclass(frozen=True)
class AnsweredProxy:
    """A feature beyond the limit, and the note on it, if somebody wrote one."""

    proxy: Proxy
    note: ProxyNote | None


@dataclass(frozen=True)
class Told:
    """How well one protected attribute is told: by the version's own score, by all features, and by each alone.

    features: the TOP clearest.
    """

    attribute: str
    score: Figures
    together: Figures
    features: tuple[Proxy, ...]


@dataclass(frozen=True)
class Fairness:
    """All that is known of a version's fairness. proxies: those beyond `limit`, the clearest first."""

    report: FairnessReport
    attributes: tuple[Attribute, ...]
    limit: float
    told: tuple[Told, ...]
    proxies: tuple[AnsweredProxy, ...]

    @property
    def unanswered(self) -> tuple[Proxy, ...]:
        """Return the features beyond the limit that nobody answered for."""
        return tuple(each.proxy for each in self.proxies if each.note is None)


def fairness_of(version: ModelVersion) -> Fairness | None:
    """Return what the last fairness report of a version says; None when none was made."""
    report = latest_report(version)
    if report is None:
        return None
    notes = _notes(version)
    found = beyond(report.proxies, limit=settings.PROXY_AUC_LIMIT)
    return Fairness(
        report=report,
        attributes=tuple(_attribute(found) for found in report.groups["attributes"]),
        limit=settings.PROXY_AUC_LIMIT,
        told=tuple(_told(report.proxies, attribute) for attribute in ATTRIBUTES),
        proxies=tuple(AnsweredProxy(proxy, notes.get(proxy.feature)) for proxy in found),
    )


def unanswered_proxies(version: ModelVersion) -> list[Proxy] | None:
    """Return the features beyond the limit that nobody answered for; None when no report was made."""
    found, notes = proxies_of(version), _notes(version)
    return None if found is None else [proxy for proxy in found if proxy.feature not in notes]


def _attribute(found: Figures) -> Attribute:
    groups = (
        Group(row, Rate(row["group"], row["clients"], row["defaults"], row["predicted"])) for row in found["groups"]
    )
    return Attribute(found["name"], tuple(groups), found["gaps"])


def _notes(version: ModelVersion) -> Mapping[str, ProxyNote]:
    return {note.feature: note for note in version.proxy_notes.select_related("noted_by")}


def _told(found: Figures, attribute: str) -> Told:
    rows = sorted(found["features"], key=lambda row: -row[attribute]["auc"])[:TOP]
    return Told(
        attribute=attribute,
        score=found["score"][attribute],
        together=found["together"][attribute],
        features=tuple(Proxy(row["feature"], attribute, **row[attribute]) for row in rows),
    )
