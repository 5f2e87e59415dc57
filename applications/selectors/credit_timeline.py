"""A client's credits through time: those elsewhere and the loans here, with the payments late and early."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, Min

from applications.models import BureauCredit, BureauMonth, Instalment, PreviousApplication

MOST_CREDITS = 15  # on each side, the newest
MOST_INSTALMENTS = 2_000  # a loan has a few dozen; this only bounds what odd data can cost
OLDEST_DAY = -40_000  # the published data has a few dates of a hundred years ago, which are no dates
NO_DATE = 365_243  # the publisher's mark for "no such date"
DAYS_A_MONTH = 365.25 / 12
# The bureau tells delays by bands: the shortest delay of each.
LEAST_DELAY_DAYS = {"1": 1, "2": 31, "3": 61, "4": 91, "5": 121}
_DELAYED = tuple(LEAST_DELAY_DAYS)


@dataclass(frozen=True)
class Payment:
    """One instalment. due_day: in days from the application. delay_days: late above 0, early below."""

    due_day: float
    delay_days: int


@dataclass(frozen=True)
class Credit:
    """One credit. Days count from the application, negative before it; end_day is None where nobody knows.

    kind, state: words as published, each with its column. payments: those known; elsewhere only the late months.
    """

    kind: tuple[str, str | None]
    state: tuple[str, str | None]
    is_running: bool
    was_granted: bool
    amount: float | None
    start_day: int
    end_day: int | None
    payments: tuple[Payment, ...]


@dataclass(frozen=True)
class CreditTimeline:
    """The newest credits on each side. more_elsewhere, more_here: that there are older ones, not listed."""

    elsewhere: tuple[Credit, ...]
    here: tuple[Credit, ...]
    more_elsewhere: bool
    more_here: bool


def credit_timeline_of(client_id: int) -> CreditTimeline:
    """Return a client's credits by four queries, however long the history; newest first."""
    elsewhere = list(BureauCredit.objects.filter(client_id=client_id, days_credit__gt=OLDEST_DAY).order_by(
        "-days_credit", "pk").values(*_ELSEWHERE)[: MOST_CREDITS + 1])  # fmt: skip
    here = list(PreviousApplication.objects.filter(client_id=client_id, days_decision__isnull=False).order_by(
        "-days_decision", "pk").values(*_HERE)[: MOST_CREDITS + 1])  # fmt: skip
    late_months = _late_months([row["pk"] for row in elsewhere[:MOST_CREDITS]])
    payments = _payments(client_id, [row["pk"] for row in here[:MOST_CREDITS]])
    return CreditTimeline(
        elsewhere=tuple(_elsewhere(row, late_months[row["pk"]]) for row in elsewhere[:MOST_CREDITS]),
        here=tuple(_here(row, payments[row["pk"]]) for row in here[:MOST_CREDITS]),
        more_elsewhere=len(elsewhere) > MOST_CREDITS,
        more_here=len(here) > MOST_CREDITS,
    )


_ELSEWHERE = (
    "pk", "credit_type", "credit_active", "amt_credit_sum", "days_credit", "days_credit_enddate", "days_enddate_fact",
)  # fmt: skip
_HERE = (
    "pk", "name_contract_type", "name_contract_status", "amt_credit", "amt_application", "days_decision",
    "days_first_due", "days_last_due", "days_termination",
)  # fmt: skip


def _elsewhere(row: Mapping[str, Any], late: Iterable[Payment]) -> Credit:
    is_running = row["credit_active"] == "Active"
    end = row["days_credit_enddate"] if is_running else row["days_enddate_fact"] or row["days_credit_enddate"]
    return Credit(
        kind=("credit_type", row["credit_type"]),
        state=("credit_active", row["credit_active"]),
        is_running=is_running,
        was_granted=True,
        amount=row["amt_credit_sum"],
        start_day=row["days_credit"],
        end_day=_real_day(end),
        payments=tuple(late),
    )


def _here(row: Mapping[str, Any], payments: Iterable[Payment]) -> Credit:
    end = _real_day(row["days_termination"]) or _real_day(row["days_last_due"])
    was_granted = row["name_contract_status"] == "Approved"
    return Credit(
        kind=("name_contract_type", row["name_contract_type"]),
        state=("name_contract_status", row["name_contract_status"]),
        is_running=was_granted and (end is None or end > 0),
        was_granted=was_granted,
        amount=row["amt_credit"] if was_granted else row["amt_application"],
        start_day=row["days_decision"],
        end_day=end if was_granted else None,
        payments=tuple(payments),
    )


def _real_day(day: int | None) -> int | None:
    return None if day is None or day == NO_DATE or day < OLDEST_DAY else day


def _late_months(numbers: list[int]) -> Mapping[int, list[Payment]]:
    late: dict[int, list[Payment]] = defaultdict(list)
    months = BureauMonth.objects.filter(credit_id__in=numbers, status__in=_DELAYED).order_by("months_balance")
    rows: Iterable[Mapping[str, Any]] = months.values("credit_id", "months_balance", "status")
    for row in rows:
        late[row["credit_id"]].append(Payment(row["months_balance"] * DAYS_A_MONTH, LEAST_DELAY_DAYS[row["status"]]))
    return late


def _payments(client_id: int, loans: list[int]) -> Mapping[int, list[Payment]]:
    """Give instalments, not payments, by loan: one paid in parts is as late as its last part."""
    paid: dict[int, list[Payment]] = defaultdict(list)
    rows = (
        Instalment.objects.filter(client_id=client_id, sk_id_prev__in=loans, days_entry_payment__isnull=False)
        .values("sk_id_prev", "num_instalment_version", "num_instalment_number")
        .annotate(due=Min("days_instalment"), delay=Max(F("days_entry_payment") - F("days_instalment")))
        .order_by("-due")[:MOST_INSTALMENTS]
    )
    for row in rows:
        paid[row["sk_id_prev"]].append(Payment(row["due"], row["delay"]))
    return paid
