"""Two readings beside each other: what changed in the advice, and which reasons came, went or moved."""

from __future__ import annotations

from dataclasses import dataclass

from applications.charts.advice import Advice
from applications.charts.reading import Factor


@dataclass(frozen=True)
class Moved:
    """One reason in two assessments. before, after: its contribution (log-odds); None where it was no reason."""

    factor: Factor
    before: float | None
    after: float | None

    @property
    def difference(self) -> float:
        """Give how much more the reason weighs in the second one."""
        return (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class Comparison:
    """What differs between two assessments. points: of probability, signed, as a share of 1."""

    points: float
    is_other_advice: bool
    reasons: tuple[Moved, ...]


def compare(before: Advice, after: Advice) -> Comparison:
    """Compare two assessments; the reasons by how much they moved, those that did not left out."""
    first, second = _reasons(before), _reasons(after)
    moved = [
        Moved(second.get(name) or first[name], _weight(first.get(name)), _weight(second.get(name)))
        for name in {**first, **second}
    ]
    return Comparison(
        points=after.assessment.probability - before.assessment.probability,
        is_other_advice=after.assessment.recommendation != before.assessment.recommendation,
        reasons=tuple(sorted((m for m in moved if abs(m.difference) > 1e-6), key=lambda m: -abs(m.difference))),
    )


def _reasons(advice: Advice) -> dict[str, Factor]:
    if advice.explanation is None:
        return {}
    reasons = advice.explanation.reasons
    return {factor.name: factor for factor in (*reasons.raising, *reasons.lowering)}


def _weight(factor: Factor | None) -> float | None:
    return factor.contribution if factor else None
