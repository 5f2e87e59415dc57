from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation

from applications.charts.portfolio import Histogram, Placed, histogram
from applications.models import Agency, Policy, Recommendation, Role, Tally, User
from applications.selectors.portfolio import PORTFOLIO, Portfolio, Wanted, portfolio_of
from tests.factories import AgencyFactory, UserFactory

GOLDEN = Path(__file__).parent / "golden" / "histogram.json"
ACCEPT, REFER, REFUSE = Recommendation.ACCEPT, Recommendation.REFER, Recommendation.REFUSE

pytestmark = pytest.mark.django_db


def keep(counts: Mapping[Agency, Mapping[Recommendation, list[list[int]]]]) -> None:
    """Store a count as the task does."""
    facts = {"agencies": {str(agency.pk): found for agency, found in counts.items()}}
    Tally.objects.create(name=PORTFOLIO, stamp=1, counted_at=timezone.now(), facts=facts)


def seen(person: User, **wanted: Any) -> Portfolio:
    found = portfolio_of(person, Wanted(**wanted))
    assert found is not None
    return found


@pytest.fixture
def other() -> Agency:
    return AgencyFactory.create()


@pytest.fixture
def analyst() -> User:
    return UserFactory.create(role=Role.ANALYST, agency=None)


@pytest.fixture
def counted(agency: Agency, other: Agency) -> None:
    """Ten applications here: six granted at 2 %, three examined at 15 %, one refused at 70 %; ten there, at 5 %."""
    keep({agency: {ACCEPT: [[20, 6]], REFER: [[150, 3]], REFUSE: [[700, 1]]}, other: {ACCEPT: [[50, 10]]}})


def test_an_advisor_sees_his_own_agency_alone(advisor: User, agency: Agency, counted: None) -> None:
    found = seen(advisor)

    assert found.applications == 10
    assert [each.agency for each in found.agencies] == [agency]


def test_another_agency_cannot_be_looked_into_by_the_filter(advisor: User, other: Agency, counted: None) -> None:
    assert seen(advisor, agency=other).applications == 0


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.AUDITOR, Role.ADMIN])
def test_who_sees_all_agencies_sees_their_sum(role: Role, counted: None, agency: Agency, other: Agency) -> None:
    person = UserFactory.create(role=role, agency=None)

    assert seen(person).applications == 20
    assert seen(person, agency=other).applications == 10
    assert {each.agency for each in seen(person, agency=other).agencies} == {agency, other}


def test_shares_are_of_the_agency_looked_at_whatever_advice_is_shown(
    analyst: User, agency: Agency, counted: None
) -> None:
    found = seen(analyst, agency=agency, recommendation=REFER)

    assert {each.recommendation: each.share for each in found.shares} == {ACCEPT: 0.6, REFER: 0.3, REFUSE: 0.1}
    assert found.applications == 3
    assert list(found.counts) == [REFER]


def test_median_and_mean_are_known_to_a_tenth_of_a_point(advisor: User, counted: None) -> None:
    found = seen(advisor)

    assert found.median == pytest.approx(0.0205, abs=0.001)
    assert found.mean == pytest.approx(0.6 * 0.02 + 0.3 * 0.15 + 0.1 * 0.7, abs=0.001)


@pytest.mark.parametrize(
    ("probability", "share"), [(0.0, 0.0), (0.0205, 0.3), (0.1, 0.6), (0.16, 0.9), (0.9, 1.0), (1.0, 1.0)]
)
def test_the_place_of_a_probability_is_the_share_that_is_less_risky(
    advisor: User, counted: None, probability: float, share: float
) -> None:
    assert seen(advisor).share_below(probability) == pytest.approx(share, abs=1e-9)


def test_an_empty_portfolio_has_no_median_and_no_places(advisor: User) -> None:
    keep({})

    found = seen(advisor)

    assert (found.applications, found.median, found.mean, found.share_below(0.1)) == (0, None, None, None)
    assert all(each.share == 0 for each in found.shares)


def test_before_it_was_counted_there_is_no_portfolio(advisor: User) -> None:
    assert portfolio_of(advisor, Wanted()) is None


def drawn(portfolio: Portfolio, policy: Policy | None = None, placed: Placed | None = None) -> Histogram:
    with translation.override("en"):
        return histogram(portfolio, policy, placed)


def test_every_application_stands_in_one_bar(analyst: User, counted: None) -> None:
    figure = drawn(seen(analyst))

    assert len(figure.bars) == 41
    assert sum(sum(band.counts) for band in figure.bands) == figure.n == 20
    by_advice = {band.recommendation: band.counts for band in figure.bands}
    assert (by_advice["accept"][2], by_advice["accept"][5]) == (6, 10)
    assert (by_advice["refer"][15], by_advice["refuse"][40]) == (3, 1)


def test_the_thresholds_are_the_policys_and_the_application_is_marked(
    advisor: User, counted: None, policy: Policy
) -> None:
    marks = drawn(seen(advisor), policy, Placed(100_002, 0.124, 0.6)).marks

    assert [(mark.kind, mark.probability) for mark in marks] == [
        ("accept", policy.accept_below),
        ("refuse", policy.refuse_from),
        ("client", 0.124),
    ]
    assert marks[-1].label == "no. 100\u00a0002: 12.4%"


def test_the_table_says_what_is_drawn(advisor: User, counted: None) -> None:
    figure = drawn(seen(advisor))

    assert figure.rows[2] == ("from 2% to 3%", "6", "0", "0")
    assert figure.rows[-1] == ("40% and more", "0", "0", "1")


def test_the_histogram_is_the_golden_one(advisor: User, counted: None, policy: Policy) -> None:
    figure = drawn(seen(advisor), policy, Placed(100_002, 0.124, 0.6)).to_json()

    figure["source"] = "…"
    assert json.loads(json.dumps(figure)) == json.loads(GOLDEN.read_text(encoding="utf-8"))
