"""What changed between two assessments of one application: the advice, its reasons, and the values behind them."""

from __future__ import annotations

from dataclasses import dataclass

from applications.charts.advice import Advice, advice_of, bundle_of
from applications.charts.comparison import Comparison, Moved, compare
from applications.charts.reading import Factor, read
from applications.models import Assessment

_ALL = 10_000  # more features than any model reads
MOST_VALUES = 15


@dataclass(frozen=True)
class ValueChange:
    """One feature whose value is another. before: None where only the later model version reads it."""

    before: Factor | None
    after: Factor

    @property
    def moved(self) -> float:
        """Give how much more it weighs in the later assessment, in log-odds."""
        return self.after.contribution - (self.before.contribution if self.before else 0.0)


@dataclass(frozen=True)
class Changes:
    """Two assessments beside each other.

    came, went: reasons that only the later, only the earlier one has. values: the weightiest that changed, `more` are
    not listed. elsewhere: by how much the other features moved together (log-odds); None when a bundle is missing.
    """

    before: Advice
    after: Advice
    comparison: Comparison
    came: tuple[Moved, ...]
    went: tuple[Moved, ...]
    values: tuple[ValueChange, ...]
    more: int
    elsewhere: float | None

    @property
    def is_other_model(self) -> bool:
        """Tell whether another model version made the later one."""
        return self.before.assessment.model_version_id != self.after.assessment.model_version_id

    @property
    def is_other_policy(self) -> bool:
        """Tell whether another policy was in force for the later one."""
        return self.before.assessment.policy_id != self.after.assessment.policy_id


def changes_between(before: Assessment, after: Assessment) -> Changes:
    """Return what changed from one assessment to a later one of the same application."""
    first, second = advice_of(before), advice_of(after)
    if first is None or second is None:
        raise ValueError("Two assessments are compared; one of them came as None.")
    comparison = compare(first, second)
    values = _values(before, after)
    shown = (values or ())[:MOST_VALUES]
    moved = sum(change.moved for change in shown)
    return Changes(
        before=first,
        after=second,
        comparison=comparison,
        came=tuple(each for each in comparison.reasons if each.before is None),
        went=tuple(each for each in comparison.reasons if each.after is None),
        values=shown,
        more=len(values or ()) - len(shown),
        elsewhere=None if values is None else _log_odds(second) - _log_odds(first) - moved,
    )


def _values(before: Assessment, after: Assessment) -> tuple[ValueChange, ...] | None:
    """Return the values that are not the same, those that moved the log-odds most first; None without the bundles."""
    first, second = _factors(before), _factors(after)
    if first is None or second is None:
        return None
    found = (
        ValueChange(first.get(name), factor)
        for name, factor in second.items()
        if name not in first or first[name].value != factor.value
    )
    return tuple(sorted(found, key=lambda change: -abs(change.moved)))


def _factors(assessment: Assessment) -> dict[str, Factor] | None:
    bundle = bundle_of(assessment)
    return {each.name: each for each in read(assessment, bundle, most=_ALL).factors} if bundle else None


def _log_odds(advice: Advice) -> float:
    return advice.explanation.reading.log_odds if advice.explanation else 0.0
