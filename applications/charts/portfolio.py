"""The portfolio as a histogram: applications by probability, in the colours of what was recommended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext

from applications.models import Policy
from applications.selectors.portfolio import BINS, Portfolio
from applications.templatetags.scoring_format import moment, number, percent, reference, short_percent
from applications.templatetags.scoring_words import ADVICE

BARS = 40  # of a point each, then one for all above
_WIDTH = 10  # bins of the count in one bar


@dataclass(frozen=True)
class Band:
    """The applications of one recommendation, a number a bar."""

    recommendation: str
    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Mark:
    """A line across the bars at a probability: a threshold of the policy, or the application one looks at."""

    kind: str
    probability: float
    label: str


@dataclass(frozen=True)
class Histogram:
    """The figure. bars: what each stands for, in words; the last is for all probabilities from `top` up."""

    title: str
    unit: str
    across: str
    source: str
    n: int
    top: float
    bars: tuple[str, ...]
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return asdict(self)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Give the same as the rows of a table: the bar in words, then its applications by band."""
        columns = zip(*(band.counts for band in self.bands), strict=True)
        return tuple((label, *map(number, counts)) for label, counts in zip(self.bars, columns, strict=True))


@dataclass(frozen=True)
class Placed:
    """The application one looks at. share_below: of the applications shown, those less risky; None for none."""

    number: int
    probability: float
    share_below: float | None


def histogram(portfolio: Portfolio, policy: Policy | None, placed: Placed | None) -> Histogram:
    """Return the figure of a portfolio, with the thresholds of the policy in force and one application's place."""
    return Histogram(
        title=gettext("Applications by probability of default"),
        unit=gettext("applications"),
        across=gettext("probability of default"),
        source=gettext("current assessments, counted %(moment)s") % {"moment": moment(portfolio.counted_at)},
        n=portfolio.applications,
        top=BARS * _WIDTH / BINS,
        bars=tuple(map(_bar_words, range(BARS + 1))),
        bands=tuple(
            Band(each.value, str(ADVICE[each]), _in_bars(counts.tolist())) for each, counts in portfolio.counts.items()
        ),
        marks=(*_thresholds(policy), *_place(placed)),
    )


def _in_bars(counts: Sequence[int]) -> tuple[int, ...]:
    bars = [sum(counts[place : place + _WIDTH]) for place in range(0, BARS * _WIDTH, _WIDTH)]
    return (*bars, sum(counts[BARS * _WIDTH :]))


def _bar_words(place: int) -> str:
    low = place * _WIDTH / BINS
    if place == BARS:
        return gettext("%(low)s and more") % {"low": percent(low, 0)}
    return gettext("from %(low)s to %(high)s") % {"low": percent(low, 0), "high": percent(low + _WIDTH / BINS, 0)}


def _thresholds(policy: Policy | None) -> tuple[Mark, ...]:
    if policy is None:
        return ()
    return (
        Mark(
            "accept",
            policy.accept_below,
            gettext("grant below %(share)s") % {"share": short_percent(policy.accept_below)},
        ),
        Mark(
            "refuse",
            policy.refuse_from,
            gettext("refuse from %(share)s") % {"share": short_percent(policy.refuse_from)},
        ),
    )


def _place(placed: Placed | None) -> tuple[Mark, ...]:
    if placed is None:
        return ()
    words = gettext("no. %(number)s: %(probability)s") % {
        "number": reference(placed.number),
        "probability": percent(placed.probability),
    }
    return (Mark("client", placed.probability, words),)
