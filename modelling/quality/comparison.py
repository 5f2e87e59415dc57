"""What differs between the tables a model learnt from and those that come now."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scipy.special import bdtr, bdtrc, ndtr

from modelling.features.schema import TABLES, Column
from modelling.quality.findings import Finding, FindingKind, Limits, Severity
from modelling.quality.plausible import plausible_range
from modelling.quality.profile import QUANTILES, ColumnProfile, Profile, TableProfile

WORDS_SHOWN = 5
# Fewer values, or owners, tell no median and no mean.
FEWEST_VALUES = 30
FEWEST_OWNERS = 100
FEWEST_EXPECTED = 10
# A median beyond these tails of the earlier values has moved.
TAILS = {Severity.BLOCK: 0.01, Severity.WARN: 0.05}


@dataclass(frozen=True)
class Count:
    """So many of so many rows."""

    count: int
    rows: int

    @property
    def share(self) -> float:
        """Give it as a share of 1."""
        return self.count / self.rows if self.rows else 0.0

    @property
    def others(self) -> Count:
        """Give the rows that are not among them."""
        return Count(self.rows - self.count, self.rows)


def compare_table(name: str, then: Profile, now: Profile, limits: Limits) -> list[Finding]:
    """Return what differs in one table, in no order. now: also the table that owns it, if it came as well."""
    before, after = then.tables[name], now.tables[name]
    columns = {column.name: column for column in TABLES[name].columns}
    findings = [*_rows(name, before, after, limits), *_owners(name, then, now, limits)]
    for column in (columns[each] for each in after.columns if each in before.columns):
        findings += _Column(name, column, before, after, limits).findings()
    return findings


def chance_of(then: Count, now: Count) -> float:
    """Return how often chance alone brings shares that differ as much, were both drawn from one population.

    The two-proportion test, both tails: by the normal law where it holds (at least 10 expected in each cell), else
    exact for rare counts: of all counted rows, how many stand among those of now is binomial. 1 without rows.
    """
    if not then.rows or not now.rows:
        return 1.0
    pooled = Count(then.count + now.count, then.rows + now.rows)
    rarer = min(pooled.share, 1 - pooled.share)
    if min(then.rows, now.rows) * rarer < FEWEST_EXPECTED:
        return _binomial_chance(then, now) if rarer == pooled.share else _binomial_chance(then.others, now.others)
    spread = math.sqrt(pooled.share * (1 - pooled.share) * (1 / then.rows + 1 / now.rows))
    return 2 * float(ndtr(-abs(now.share - then.share) / spread))


def _binomial_chance(then: Count, now: Count) -> float:
    weight, counted = now.rows / (now.rows + then.rows), now.count + then.count
    at_least = bdtrc(now.count - 1, counted, weight) if now.count else 1.0
    return min(1.0, 2 * float(min(at_least, bdtr(now.count, counted, weight))))


def _rows(name: str, then: TableProfile, now: TableProfile, limits: Limits) -> Iterator[Finding]:
    if min(then.owners, now.owners) < FEWEST_OWNERS:
        return
    before, after = then.rows / then.owners, now.rows / now.owners
    factor = max(after / before, before / after)
    kind = FindingKind.ROWS
    severity = Severity.BLOCK if factor >= limits.block[kind] else Severity.WARN
    if factor >= limits.warn[kind]:
        yield Finding(kind, severity, name, "", before, after, factor / limits.block[kind])


def _owners(name: str, then: Profile, now: Profile, limits: Limits) -> Iterator[Finding]:
    before, after = then.covered(name), now.covered(name)
    if before and after:
        yield from _jump(FindingKind.OWNERS, (name, ""), Count(*before), Count(*after), limits)


def _jump(
    kind: FindingKind, place: tuple[str, str], then: Count, now: Count, limits: Limits, /, **details: object
) -> Iterator[Finding]:
    """Tell a share that differs by more than a limit and more than chance would have it."""
    severity = _severity(kind, then, now, limits)
    if severity:
        excess = abs(now.share - then.share) / limits.block[kind]
        yield Finding(kind, severity, *place, then.share, now.share, excess, **details)  # type: ignore[arg-type]


def _severity(kind: FindingKind, then: Count, now: Count, limits: Limits) -> Severity | None:
    difference = now.share - then.share
    if kind in {FindingKind.MISSING, FindingKind.OWNERS}:
        difference = abs(difference)
    told = difference >= limits.warn[kind] and chance_of(then, now) < limits.chance
    if told:
        return Severity.BLOCK if difference >= limits.block[kind] else Severity.WARN
    # What never was is worth a look, be it one row.
    is_new = kind in {FindingKind.UNSEEN, FindingKind.OUTSIDE} and now.count > 0 == then.count
    return Severity.WARN if is_new else None


@dataclass(frozen=True)
class _Column:
    """One column of both tables."""

    table: str
    column: Column
    before: TableProfile
    after: TableProfile
    limits: Limits

    @property
    def then(self) -> ColumnProfile:
        return self.before.columns[self.column.name]

    @property
    def now(self) -> ColumnProfile:
        return self.after.columns[self.column.name]

    @property
    def place(self) -> tuple[str, str]:
        return self.table, self.column.name

    def findings(self) -> Iterator[Finding]:
        missing = Count(self.then.missing, self.before.rows), Count(self.now.missing, self.after.rows)
        yield from _jump(FindingKind.MISSING, self.place, *missing, self.limits)
        yield from self._unseen()
        yield from self._outside()
        yield from self._moved()

    def _unseen(self) -> Iterator[Finding]:
        words = {word: rows for word, rows in self.now.levels.items() if word not in self.then.levels}
        count = Count(sum(words.values()), self.after.rows)
        shown = tuple(sorted(words, key=lambda word: -words[word])[:WORDS_SHOWN])
        before = Count(0, self.before.rows)
        yield from _jump(FindingKind.UNSEEN, self.place, before, count, self.limits, words=shown)

    def _outside(self) -> Iterator[Finding]:
        low, high = plausible_range(self.table, self.column) or (None, None)
        before, after = Count(self.then.outside, self.before.rows), Count(self.now.outside, self.after.rows)
        yield from _jump(FindingKind.OUTSIDE, self.place, before, after, self.limits, low=low, high=high)

    def _moved(self) -> Iterator[Finding]:
        values = self.before.rows - self.then.missing, self.after.rows - self.now.missing
        if not self.then.quantiles or min(values) < FEWEST_VALUES:
            return
        was, median = self.then.quantiles[_MEDIAN], self.now.quantiles[_MEDIAN]
        for severity, tail in TAILS.items():
            low = self.then.quantiles[QUANTILES.index(tail)]
            high = self.then.quantiles[QUANTILES.index(1 - tail)]
            if not low <= median <= high:
                excess = tail and TAILS[Severity.BLOCK] / tail
                yield Finding(FindingKind.MOVED, severity, *self.place, was, median, excess, low=low, high=high)
                return


_MEDIAN = QUANTILES.index(0.50)
