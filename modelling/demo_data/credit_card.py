"""Monthly card balances: they run on from month to month with drawings and payments, under the limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelling.demo_data.bureau_balance import DAYS_A_MONTH, OLDEST_MONTH
from modelling.demo_data.constants import frequencies
from modelling.demo_data.draws import Flags, Floats, Ints, Stream, Words, logistic, money, pick
from modelling.demo_data.people import People
from modelling.demo_data.person import Columns
from modelling.demo_data.previous_loans import Asked

WITHOUT_BALANCES_SHARE = 0.05
# Cards older than the records are those in use.
NEVER_USED_SHARE, OLD_NEVER_USED_SHARE = 0.40, 0.08
CLOSING_SHARE = 0.36
PAID_OFF_MONTH_SHARE = 0.03
MINIMUM_SHARE = 0.05
MONTHLY_RATE = 0.025
MONTHS = -OLDEST_MONTH
STATES = ("Active", "Completed", "Signed")


@dataclass(frozen=True)
class Cards:
    """Cards with balances, one entry each: row in Asked, first month, limit, habits."""

    asked: Ints
    first_month: Ints
    limit: Floats
    is_used: Flags
    closed_from: Ints
    behaviour: Floats


@dataclass(frozen=True)
class CardMonths:
    """Card months, one entry each, card after card in rising months."""

    card: Ints
    asked: Ints
    month: Ints
    limit: Floats
    balance: Floats
    drawn: Floats
    minimum: Floats
    payment: Floats
    mature_count: Ints
    days_late: Floats
    is_used: Flags
    is_closed: Flags


def draw_card_months(people: People, asked: Asked) -> CardMonths:
    """Give the months of every card with balances."""
    random = people.stream(Stream.CREDIT_CARD)
    cards = _cards(asked, random)
    limit = _limits(cards)
    drawn = _wanted_drawings(cards, limit, random)
    skips = random.random(limit.shape) < logistic(-3.3 - 0.8 * cards.behaviour)[:, None]
    run = _run_on(cards, limit, drawn, np.where(skips, 0.0, _effort(cards, limit, random)))
    exists = np.arange(MONTHS) >= (MONTHS + cards.first_month)[:, None]
    card, place = np.nonzero(exists)
    late = _days_late(run, skips, random)
    return CardMonths(
        card=card,
        asked=cards.asked[card],
        month=place - MONTHS,
        limit=limit[exists],
        balance=run.balance[exists],
        drawn=run.drawn[exists],
        minimum=run.minimum[exists],
        payment=run.payment[exists],
        mature_count=np.cumsum((run.minimum > 0).astype(np.int64), axis=1)[exists],
        days_late=late[exists],
        is_used=cards.is_used[card],
        is_closed=(limit == 0)[exists],
    )


def _cards(asked: Asked, random: np.random.Generator) -> Cards:
    granted = asked.status.is_in("Approved") & asked.kind.is_in("Revolving loans")
    rows = np.flatnonzero(granted & (~asked.is_known | (random.random(asked.count) >= WITHOUT_BALANCES_SHARE)))
    size = len(rows)
    limits = pick(frequencies("credit_card_balance", "limit"), random.random(size))
    first = np.clip(np.floor(asked.decided[rows] / DAYS_A_MONTH), OLDEST_MONTH, -1).astype(np.int64)
    closes = random.random(size) < CLOSING_SHARE
    return Cards(
        asked=rows,
        first_month=first,
        limit=limits.valued({level: float(level) for level in limits.levels}),
        is_used=random.random(size) >= np.where(asked.is_known[rows], NEVER_USED_SHARE, OLD_NEVER_USED_SHARE),
        closed_from=np.where(closes, np.floor(first * random.uniform(0.0, 0.95, size)), 1).astype(np.int64),
        behaviour=asked.behaviour[rows],
    )


def _limits(cards: Cards) -> Floats:
    """Give the limit a month: half of it in the first year of a long-held card, 0 once it is closed."""
    month = np.arange(OLDEST_MONTH, 0)
    early = month[None, :] < (cards.first_month + 12)[:, None]
    grows = (cards.limit > 180_000)[:, None] & early
    limit = np.where(grows, np.round(cards.limit / 2 / 4_500)[:, None] * 4_500, cards.limit[:, None])
    return np.where(month[None, :] >= cards.closed_from[:, None], 0.0, limit)


def _wanted_drawings(cards: Cards, limit: Floats, random: np.random.Generator) -> Floats:
    """Draw what the client would take out a month: nothing in most, a tenth of the limit as a rule."""
    shape = limit.shape
    habit = random.beta(0.9, 2.0, len(cards.asked)) * np.exp(-0.18 * cards.behaviour)
    active = random.random(shape) < np.minimum(habit, 0.95)[:, None]
    share = np.exp(np.log(0.16) + 1.2 * random.standard_normal(shape) - 0.2 * cards.behaviour[:, None])
    started = np.arange(MONTHS)[None, :] >= (MONTHS + cards.first_month)[:, None]
    wanted = np.where(active & started & cards.is_used[:, None], np.round(limit * share / 450) * 450, 0.0)
    return np.minimum(wanted, limit)


def _effort(cards: Cards, limit: Floats, random: np.random.Generator) -> Floats:
    """Draw what is paid a month as a multiple of the minimum: a little more than it, now and then everything."""
    usual = np.exp(0.6 * random.standard_normal(limit.shape) + 0.15 * cards.behaviour[:, None] + 0.3)
    everything = random.random(limit.shape) < PAID_OFF_MONTH_SHARE
    return np.where(everything, 1 / MINIMUM_SHARE + 5, np.maximum(usual, 1.0))


@dataclass(frozen=True)
class _Run:
    balance: Floats
    drawn: Floats
    minimum: Floats
    payment: Floats


def _run_on(cards: Cards, limit: Floats, wanted: Floats, effort: Floats) -> _Run:
    """Carry the balance from month to month: interest on, payment off, drawings as far as the limit goes."""
    balance, drawn, minimum, payment = (np.zeros(limit.shape) for _ in range(4))
    before = np.zeros(len(cards.asked))
    for place in range(MONTHS):
        owed = before * (1 + MONTHLY_RATE)
        minimum[:, place] = np.where(before > 0, np.minimum(owed, MINIMUM_SHARE * before + 450), 0.0)
        payment[:, place] = np.minimum(minimum[:, place] * effort[:, place], owed)
        rest = owed - payment[:, place]
        drawn[:, place] = np.minimum(wanted[:, place], np.maximum(limit[:, place] - rest, 0.0))
        before = np.where(rest + drawn[:, place] < 45, 0.0, rest + drawn[:, place])
        balance[:, place] = before
    return _Run(money(balance), money(drawn), money(minimum), money(payment))


def _days_late(run: _Run, skips: Flags, random: np.random.Generator) -> Floats:
    """Give days past due: up to a month in a month without payment, growing with the months skipped in a row."""
    missed = skips & (run.minimum > 0)
    in_a_row = missed.astype(float)
    for place in range(1, MONTHS):
        in_a_row[:, place] *= 1 + in_a_row[:, place - 1]
    return np.where(missed, 30.0 * (in_a_row - 1) + np.ceil(random.uniform(0, 25, missed.shape)), 0.0)


def card_columns(people: People, asked: Asked, months: CardMonths, random: np.random.Generator) -> Columns:
    """Give the columns of credit_card_balance by published name."""
    unknown = ~months.is_used & (random.random(len(months.card)) < 0.62)
    no_minimum = ~months.is_used & (random.random(len(months.card)) < 0.35)
    paid_unknown = (months.payment == 0) & (random.random(len(months.card)) < 0.35)
    principal = money(months.balance * 0.96)
    return {
        "SK_ID_PREV": asked.previous_id[months.asked],
        "SK_ID_CURR": people.client_id[asked.owner[months.asked]],
        "MONTHS_BALANCE": months.month,
        "AMT_BALANCE": months.balance,
        "AMT_CREDIT_LIMIT_ACTUAL": months.limit,
        **_drawing_columns(months, unknown, random),
        "AMT_INST_MIN_REGULARITY": np.where(no_minimum, np.nan, months.minimum),
        "AMT_PAYMENT_CURRENT": np.where(paid_unknown, np.nan, months.payment),
        "AMT_PAYMENT_TOTAL_CURRENT": months.payment,
        "AMT_RECEIVABLE_PRINCIPAL": principal,
        "AMT_RECIVABLE": months.balance,
        "AMT_TOTAL_RECEIVABLE": months.balance,
        "CNT_INSTALMENT_MATURE_CUM": np.where(no_minimum, np.nan, months.mature_count),
        "NAME_CONTRACT_STATUS": _states(months, random),
        "SK_DPD": months.days_late,
        "SK_DPD_DEF": np.where(random.random(len(months.card)) < 0.5, np.minimum(months.days_late, 7), 0),
    }


def _drawing_columns(months: CardMonths, unknown: Flags, random: np.random.Generator) -> Columns:
    """Split drawings between cash machine, shops and the rest, with their counts."""
    kind = random.random(len(months.card))
    parts = {"ATM": kind < 0.55, "POS": (kind >= 0.55) & (kind < 0.98), "OTHER": kind >= 0.98}
    columns: Columns = {"AMT_DRAWINGS_CURRENT": months.drawn}
    total = np.zeros(len(kind))
    for name, chosen in parts.items():
        amount = np.where(chosen, months.drawn, 0.0)
        count = np.where(amount > 0, 1 + random.poisson(4.0 if name == "POS" else 1.0, len(kind)), 0)
        total = total + count
        columns[f"AMT_DRAWINGS_{name}_CURRENT"] = np.where(unknown, np.nan, amount)
        columns[f"CNT_DRAWINGS_{name}_CURRENT"] = np.where(unknown, np.nan, count)
    return columns | {"CNT_DRAWINGS_CURRENT": total}


def _states(months: CardMonths, random: np.random.Generator) -> Words:
    completed = months.is_closed & (months.balance == 0) & (random.random(len(months.card)) < 0.18)
    starts = np.diff(months.card, prepend=-1) > 0
    signed = starts & (random.random(len(months.card)) < 0.1)
    return Words(np.where(signed, 2, np.where(completed, 1, 0)), STATES)
