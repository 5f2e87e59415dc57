"""The portfolio: how the probabilities of all assessed applications lie, by agency and recommendation.

Read from a stored count (see `applications.services.tallies`), so that it takes the same time at any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from applications.access import Person, visible_agencies
from applications.models import Agency, Recommendation, Tally

PORTFOLIO = "portfolio"
BINS = 1000  # of a thousandth each: places and medians are known to a tenth of a point

Counts = NDArray[np.int64]  # applications in each of the BINS


@dataclass(frozen=True)
class Share:
    """How many applications have a recommendation, and which share of the portfolio that is."""

    recommendation: Recommendation
    applications: int
    share: float


@dataclass(frozen=True)
class AgencyPortfolio:
    """One agency's applications. median: of their probabilities, None for an agency without any."""

    agency: Agency
    applications: int
    shares: tuple[Share, ...]
    median: float | None


@dataclass(frozen=True)
class Wanted:
    """What a person looks at; None leaves it open."""

    recommendation: Recommendation | None = None
    agency: Agency | None = None


@dataclass(frozen=True)
class Portfolio:
    """What a person sees of the portfolio.

    counts: applications by bin of probability, for each recommendation shown. applications: how many these are, with
    their median and mean probability, None for none. shares: of every recommendation in the agencies looked at.
    agencies: all those the person may see.
    """

    counted_at: datetime
    counts: Mapping[Recommendation, Counts]
    applications: int
    median: float | None
    mean: float | None
    shares: tuple[Share, ...]
    agencies: tuple[AgencyPortfolio, ...]

    def share_below(self, probability: float) -> float | None:
        """Give the share of the applications shown that are less risky; None when there are none.

        Within the probability's own bin applications are taken as spread evenly.
        """
        if not self.applications:
            return None
        whole, place = _sum(self.counts.values()), min(int(probability * BINS), BINS - 1)
        below = whole[:place].sum() + whole[place] * (probability * BINS - place)
        return min(float(below) / self.applications, 1.0)


def portfolio_of(person: Person, wanted: Wanted) -> Portfolio | None:
    """Return the portfolio the person may see; None before it was first counted. Two queries, whatever its size."""
    agencies = tuple(visible_agencies(person))
    tally = Tally.objects.filter(name=PORTFOLIO).first()
    if tally is None:
        return None
    by_agency = {agency: _counts(tally.facts["agencies"].get(str(agency.pk), {})) for agency in agencies}
    chosen = [counts for agency, counts in by_agency.items() if wanted.agency in {None, agency}]
    whole = {each: _sum(counts[each] for counts in chosen) for each in Recommendation}
    shown = {each: counts for each, counts in whole.items() if wanted.recommendation in {None, each}}
    found = portfolio_from(shown, counted_at=tally.counted_at)
    together = tuple(_agency(agency, counts) for agency, counts in by_agency.items())
    return replace(found, shares=_shares(whole), agencies=together)


def portfolio_from(counts: Mapping[Recommendation, Counts], *, counted_at: datetime) -> Portfolio:
    """Return the portfolio of these counts, of no agency in particular."""
    together = _sum(counts.values())
    return Portfolio(
        counted_at=counted_at,
        counts=counts,
        applications=int(together.sum()),
        median=_median(together),
        mean=_mean(together),
        shares=_shares(counts),
        agencies=(),
    )


def counts_of(probabilities: Sequence[float]) -> Counts:
    """Count probabilities by bin."""
    places = np.minimum(np.asarray(probabilities, dtype=np.float64) * BINS, BINS - 1).astype(np.int64)
    return np.bincount(places, minlength=BINS)


def _agency(agency: Agency, counts: Mapping[Recommendation, Counts]) -> AgencyPortfolio:
    whole = _sum(counts.values())
    return AgencyPortfolio(agency, int(whole.sum()), _shares(counts), _median(whole))


def _counts(stored: Mapping[str, Any]) -> dict[Recommendation, Counts]:
    return {each: _filled(stored.get(each, [])) for each in Recommendation}


def _filled(places: list[list[int]]) -> Counts:
    counts = np.zeros(BINS, dtype=np.int64)
    if places:
        bins, applications = np.asarray(places, dtype=np.int64).T
        counts[bins] = applications
    return counts


def _sum(each: Iterable[Counts]) -> Counts:
    return sum(each, start=np.zeros(BINS, dtype=np.int64))


def _shares(counts: Mapping[Recommendation, Counts]) -> tuple[Share, ...]:
    numbers = {each: int(found.sum()) for each, found in counts.items()}
    whole = sum(numbers.values()) or 1
    return tuple(Share(each, number, number / whole) for each, number in numbers.items())


def _median(counts: Counts) -> float | None:
    reached, half = counts.cumsum(), counts.sum() / 2
    if not half:
        return None
    place = int(np.searchsorted(reached, half))
    return float(place + (half - (reached[place] - counts[place])) / counts[place]) / BINS


def _mean(counts: Counts) -> float | None:
    whole = counts.sum()
    return float(((np.arange(BINS) + 0.5) * counts).sum() / whole) / BINS if whole else None
