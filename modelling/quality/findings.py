"""What a comparison of tables can find, and how bad it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """What a finding asks for."""

    BLOCK = "block"
    WARN = "warn"


class FindingKind(StrEnum):
    """What was found."""

    UNSEEN = "unseen"  # words that no row had
    OUTSIDE = "outside"  # values out of the plausible range
    MISSING = "missing"  # the share of missing values jumped
    MOVED = "moved"  # the median lies where hardly a value lay
    OWNERS = "owners"  # the share of clients (of bureau credits, for their months) that have rows jumped
    ROWS = "rows"  # the number of rows of those who have any shifted


@dataclass(frozen=True)
class Limits:
    """From where on a difference is told, by kind: a difference of shares, for ROWS a factor; MOVED has none.

    chance: what chance alone brings more often than this is no finding, however large.
    """

    warn: Mapping[str, float]
    block: Mapping[str, float]
    chance: float


@dataclass(frozen=True)
class Finding:
    """One difference. column is empty where it is about the table.

    then, now: shares, rows an owner, or medians, by kind. excess: how many times the blocking limit it is.
    words: some of the unseen ones. low, high: the range values should lie in, or nearly all lay in.
    """

    kind: FindingKind
    severity: Severity
    table: str
    column: str
    then: float
    now: float
    excess: float
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return asdict(self)

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> Finding:
        """Read a finding back."""
        severity, kind = Severity(facts["severity"]), FindingKind(facts["kind"])
        return cls(**{**facts, "severity": severity, "kind": kind, "words": tuple(facts["words"])})


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Put what blocks before what warns, and in each the greater excess first."""
    return sorted(findings, key=lambda one: (one.severity is Severity.WARN, -one.excess, one.table, one.column))
