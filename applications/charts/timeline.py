"""The client's credits on one line of time: a table with a strip in each row, drawn by the server.

Places in a strip run from 0 to WIDTH; above the bar stand months with a late payment, below it months paid early.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from django.utils.translation import gettext, ngettext

from applications.categories import category_label
from applications.selectors.credit_timeline import DAYS_A_MONTH, Credit, CreditTimeline, Payment
from applications.templatetags.scoring_format import DAYS_A_YEAR, duration, number

WIDTH = 1000.0
MOST_YEARS_BACK, MOST_YEARS_AHEAD = 12, 4
LONGEST_AXIS = 8  # years with a word each; a longer axis names every other one
NARROWEST = 4.0  # a bar or mark that can be seen


@dataclass(frozen=True)
class Span:
    """A stretch of a strip."""

    x: float
    width: float


@dataclass(frozen=True)
class Strip:
    """What is drawn of one credit; bar is None for one that never ran."""

    bar: Span | None
    asked: float
    late: tuple[Span, ...]
    early: tuple[Span, ...]


@dataclass(frozen=True)
class CreditRow:
    """One credit as a person reads it."""

    kind: str
    state: str
    amount: float | None
    opened: str
    ended: str
    paid: str
    is_late: bool
    is_running: bool
    strip: Strip


@dataclass(frozen=True)
class Axis:
    """Years from the application, from `first` to `last`; today: the place of the application."""

    first: int
    last: int
    today: float

    @property
    def years(self) -> tuple[str, ...]:
        """Name the year that begins each cell; "" where there is no room for a word."""
        step = 2 if self.last - self.first > LONGEST_AXIS else 1
        return tuple(_year_word(year) if year % step == 0 else "" for year in range(self.first, self.last))

    def place(self, day: float) -> float:
        """Give where a day stands, kept on the axis."""
        share = (day / DAYS_A_YEAR - self.first) / (self.last - self.first)
        return round(min(max(share, 0.0), 1.0) * WIDTH, 1)


@dataclass(frozen=True)
class Timeline:
    """The figure: both sides under one axis."""

    axis: Axis
    elsewhere: tuple[CreditRow, ...]
    here: tuple[CreditRow, ...]
    more_elsewhere: bool
    more_here: bool


def timeline(found: CreditTimeline) -> Timeline:
    """Return the drawing of a client's credits."""
    axis = _axis((*found.elsewhere, *found.here))
    return Timeline(
        axis=axis,
        elsewhere=tuple(_row(credit, axis, _late_months_words(credit.payments)) for credit in found.elsewhere),
        here=tuple(_row(credit, axis, _payment_words(credit.payments)) for credit in found.here),
        more_elsewhere=found.more_elsewhere,
        more_here=found.more_here,
    )


def _axis(found: Sequence[Credit]) -> Axis:
    starts = [credit.start_day / DAYS_A_YEAR for credit in found]
    ends = [credit.end_day / DAYS_A_YEAR for credit in found if credit.is_running and credit.end_day]
    first = max(floor(min(starts, default=-1.0)), -MOST_YEARS_BACK)
    last = min(max(ceil(max(ends, default=0.0)), 1), MOST_YEARS_AHEAD)
    axis = Axis(min(first, -1), last, 0.0)
    return Axis(axis.first, axis.last, axis.place(0))


def _year_word(year: int) -> str:
    return f"+{year}" if year > 0 else number(year)


def _row(credit: Credit, axis: Axis, paid: str) -> CreditRow:
    return CreditRow(
        kind=_word(*credit.kind),
        state=_word(*credit.state),
        amount=credit.amount,
        opened=_when(credit.start_day),
        ended=_when(credit.end_day) if credit.end_day is not None else "",
        paid=paid,
        is_late=any(payment.delay_days > 0 for payment in credit.payments),
        is_running=credit.is_running,
        strip=_strip(credit, axis),
    )


def _word(column: str, value: str | None) -> str:
    return category_label(column, value) if value else gettext("not given")


def _when(day: int) -> str:
    if day == 0:
        return gettext("at the application")
    words = gettext("%(duration)s ago") if day < 0 else gettext("in %(duration)s")
    return words % {"duration": duration(day)}


def _strip(credit: Credit, axis: Axis) -> Strip:
    end = credit.end_day if credit.end_day is not None else 0
    late = {_month(each) for each in credit.payments if each.delay_days > 0}
    early = {_month(each) for each in credit.payments if each.delay_days < 0} - late
    return Strip(
        bar=_span(axis, credit.start_day, max(end, credit.start_day)) if credit.was_granted else None,
        asked=axis.place(credit.start_day),
        late=tuple(_spans(axis, late)),
        early=tuple(_spans(axis, early)),
    )


def _month(payment: Payment) -> int:
    return floor(payment.due_day / DAYS_A_MONTH)


def _spans(axis: Axis, months: Iterable[int]) -> Iterable[Span]:
    """Join months that follow one another into one stretch."""
    rising = sorted(months)
    breaks = [0, *(place for place, (a, b) in enumerate(pairwise(rising), start=1) if b != a + 1), len(rising)]
    for start, end in pairwise(breaks):
        if start < end:
            yield _span(axis, rising[start] * DAYS_A_MONTH, (rising[end - 1] + 1) * DAYS_A_MONTH)


def _span(axis: Axis, first_day: float, last_day: float) -> Span:
    start, end = axis.place(first_day), axis.place(last_day)
    width = max(end - start, NARROWEST)
    return Span(min(start, WIDTH - width), round(width, 1))


def _late_months_words(payments: Sequence[Payment]) -> str:
    if not payments:
        return gettext("no late month known")
    worst = max(payment.delay_days for payment in payments)
    words = ngettext(
        "%(count)s month late, by %(days)s or more at worst",
        "%(count)s months late, by %(days)s or more at worst",
        len(payments),
    )
    return words % {"count": number(len(payments)), "days": duration(worst)}


def _payment_words(payments: Sequence[Payment]) -> str:
    if not payments:
        return gettext("no instalment known")
    late = [payment.delay_days for payment in payments if payment.delay_days > 0]
    early = sum(payment.delay_days < 0 for payment in payments)
    told = {"all": number(len(payments)), "late": number(len(late)), "early": number(early)}
    if not late:
        return gettext("none late of %(all)s, %(early)s early") % told
    return gettext("%(late)s late of %(all)s (%(days)s at most), %(early)s early") % {
        **told,
        "days": duration(max(late)),
    }
