"""The list of applications: filtered, sorted, a page at a time, at the same speed whatever the size of the book.

Nothing here counts everything: a page is found by an index, and a count stops at COUNTED_UP_TO.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from applications.access import Person, visible_applications
from applications.models import Agency, Application, Recommendation, Stage
from applications.selectors.state import AssessmentState, assessment_state, open_request

PAGE_SIZE = 25
COUNTED_UP_TO = 1000
LAST_PAGE = COUNTED_UP_TO // PAGE_SIZE
DIGITS_OF_A_NUMBER = 18
QUEUE_LENGTH = 2000


class Order(StrEnum):
    """How a list is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LARGEST = "largest"
    SMALLEST = "smallest"
    RISKIEST = "riskiest"
    SAFEST = "safest"


class Column(StrEnum):
    """What the list can tell of an application beside its number."""

    TYPE = "type"
    AGENCY = "agency"
    AMOUNT = "amount"
    ANNUITY = "annuity"
    INCOME = "income"
    PROBABILITY = "probability"
    ADVICE = "advice"
    RISK = "risk"
    STAGE = "stage"
    RECEIVED = "received"


USUAL_COLUMNS = frozenset(Column) - {Column.ANNUITY, Column.INCOME, Column.RISK}

_KEYS: Mapping[Order, tuple[OrderBy, ...]] = {
    Order.NEWEST: (F("received_on").desc(), F("pk").asc()),
    Order.OLDEST: (F("received_on").asc(), F("pk").desc()),
    Order.LARGEST: (F("amt_credit").desc(nulls_last=True), F("pk").asc()),
    Order.SMALLEST: (F("amt_credit").asc(nulls_first=True), F("pk").desc()),
    Order.RISKIEST: (F("current_assessment__probability").desc(), F("current_assessment__pk").asc()),
    Order.SAFEST: (F("current_assessment__probability").asc(), F("current_assessment__pk").desc()),
}
BY_PROBABILITY = frozenset({Order.RISKIEST, Order.SAFEST})

_COLUMNS = (
    "sk_id_curr",
    "received_on",
    "stage",
    "version",
    "is_demo",
    "name_contract_type",
    "amt_credit",
    "amt_annuity",
    "amt_income_total",
    "agency__name",
    "current_assessment__application_version",
    "current_assessment__probability",
    "current_assessment__recommendation",
    "current_assessment__risk_level",
    "current_assessment__policy__accept_below",
    "assessment_request__state",
    "assessment_request__failure",
)


@dataclass(frozen=True)
class Wanted:
    """What a person looks for; None and "" leave that open.

    days: received in the last so many days. amount_from, amount_to: of the credit, in euros, both included.
    """

    number: str = ""
    stage: Stage | None = None
    recommendation: Recommendation | None = None
    agency: Agency | None = None
    days: int | None = None
    amount_from: float | None = None
    amount_to: float | None = None
    order: Order = Order.NEWEST


@dataclass(frozen=True)
class Count:
    """How many there are, up to COUNTED_UP_TO; beyond it, that there are more."""

    number: int
    is_capped: bool


@dataclass(frozen=True)
class Listed:
    """One row of the list. error: why its assessment failed, as a sentence; empty otherwise."""

    application: Application
    state: AssessmentState
    error: str


@dataclass(frozen=True)
class ListPage:
    """One page of the list; first and last are places, counted from 1; 0 when it is empty."""

    rows: tuple[Listed, ...]
    count: Count
    number: int
    first: int
    last: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Tell whether a page comes before this one."""
        return self.number > 1


@dataclass(frozen=True)
class Desk:
    """What waits for the person: counts by what has to be done."""

    to_decide: Count
    awaiting_document: Count
    to_assess: Count


def list_applications(person: Person, wanted: Wanted, *, page: int, today: date) -> ListPage:
    """Return one page of the applications the person may see; a page beyond the last is the last."""
    found = _found(visible_applications(person), wanted, today)
    count = _count(found)
    pages = max(1, -(-count.number // PAGE_SIZE))
    number = min(max(page, 1), pages)
    start = (number - 1) * PAGE_SIZE
    related = found.select_related("agency", "current_assessment__policy", "assessment_request")
    rows = tuple(
        _listed(row) for row in related.order_by(*_KEYS[wanted.order]).only(*_COLUMNS)[start : start + PAGE_SIZE]
    )
    return ListPage(rows, count, number, start + 1 if rows else 0, start + len(rows), number < pages)


def desk_of(person: Person) -> Desk:
    """Return what waits for the person, counted by stage."""
    visible = visible_applications(person)
    return Desk(
        to_decide=_count(visible.filter(stage=Stage.TO_DECIDE)),
        awaiting_document=_count(visible.filter(stage=Stage.AWAITING_DOCUMENT)),
        to_assess=_count(visible.filter(stage=Stage.TO_ASSESS)),
    )


def next_to_decide(person: Person, *, after: int | None = None) -> int | None:
    """Return the number of the application to decide after this one: the first of the queue when it is not in it."""
    queue = _queue(person)
    place = queue.index(after) + 1 if after in queue else 0
    others = [number for number in queue[place:] + queue[:place] if number != after]
    return others[0] if others else None


def _queue(person: Person) -> list[int]:
    """Return what waits for a decision: first what the machine would not grant, the oldest first, then the rest so.

    Looked for among the QUEUE_LENGTH oldest, so that it takes the same time whatever waits behind them.
    """
    oldest = visible_applications(person).filter(stage=Stage.TO_DECIDE).order_by("received_on", "-pk")[:QUEUE_LENGTH]
    found = oldest.values_list("pk", "current_assessment__recommendation")
    in_turn = sorted(found, key=lambda row: row[1] == Recommendation.ACCEPT)  # stable: the oldest stay first
    return [number for number, _recommendation in in_turn]


def find_number(person: Person, text: str) -> int | None:
    """Return the number when exactly this application exists and the person may see it."""
    if not text.isdecimal() or len(text) > DIGITS_OF_A_NUMBER:
        return None
    return visible_applications(person).filter(pk=int(text)).values_list("pk", flat=True).first()


def _found(visible: QuerySet[Application], wanted: Wanted, today: date) -> QuerySet[Application]:
    conditions = _number_begins_with(wanted.number)
    if wanted.stage:
        conditions &= Q(stage=wanted.stage)
    if wanted.agency:
        conditions &= Q(agency=wanted.agency)
    if wanted.days:
        conditions &= Q(received_on__gt=today - timedelta(days=wanted.days))
    if wanted.amount_from is not None:
        conditions &= Q(amt_credit__gte=wanted.amount_from)
    if wanted.amount_to is not None:
        conditions &= Q(amt_credit__lte=wanted.amount_to)
    if wanted.recommendation:
        conditions &= Q(current_assessment__recommendation=wanted.recommendation)
    if wanted.order in BY_PROBABILITY:
        conditions &= Q(current_assessment__probability__isnull=False)
    return visible.filter(conditions)


def _number_begins_with(digits: str) -> Q:
    """Say "begins with 1000" as ranges of numbers, 1000, 10000-10009, …, so that the key's index answers."""
    if not digits:
        return Q()
    start, condition = int(digits), Q()
    for more in range(DIGITS_OF_A_NUMBER - len(digits) + 1):
        condition |= Q(pk__range=(start * 10**more, (start + 1) * 10**more - 1))
    return condition


def _count(found: QuerySet[Application]) -> Count:
    number = found.order_by().values("pk")[: COUNTED_UP_TO + 1].count()
    return Count(min(number, COUNTED_UP_TO), number > COUNTED_UP_TO)


def _listed(application: Application) -> Listed:
    request = open_request(application)
    return Listed(application, assessment_state(application), request.get_failure_display() if request else "")
