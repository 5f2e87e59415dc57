"""Credits of the clients at other lenders, as the credit bureau reports them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr

from modelling.demo_data.constants import constants, frequencies, grid
from modelling.demo_data.counts import rows_per_client
from modelling.demo_data.draws import (
    Flags,
    Floats,
    Grid,
    Ints,
    Stream,
    Words,
    grid_given,
    logistic,
    pick,
    pick_number,
    rounded_to,
    steps_within,
)
from modelling.demo_data.people import FIRST_CLIENT_ID, People
from modelling.demo_data.person import Columns

FIRST_BUREAU_ID = 5_000_000
MOST_CREDITS = 48
CARD_CLOSED_SHARE = 0.30
SOLD_SHARE = 0.004
CURRENCIES = {"currency 1": 0.99953, "currency 2": 0.00038, "currency 3": 0.00009}
PROLONGATIONS = {"0": 0.9933, "1": 0.0056, "2": 0.0009, "3": 0.0002}


@dataclass(frozen=True)
class Credits:
    """Bureau credits, one entry a row.

    owner: position of the client in the chunk; opened, closes: days before (negative) or after the application;
    is_open: not closed at the application; behaviour: the owner's, with what is this credit's own.
    """

    credit_id: Ints
    owner: Ints
    kind: Words
    opened: Floats
    planned_end: Floats
    closes: Floats
    is_open: Flags
    behaviour: Floats

    @property
    def count(self) -> int:
        """Give the number of credits."""
        return len(self.credit_id)


def draw_bureau(people: People, behaviour: Floats) -> tuple[Credits, Columns]:
    """Give the credits and their columns by published name."""
    random = people.stream(Stream.BUREAU)
    lines = _draw_credits(people, behaviour, random)
    total = _amounts(people, lines, random)
    columns: Columns = {
        "SK_ID_CURR": people.client_id[lines.owner],
        "SK_ID_BUREAU": lines.credit_id,
        "CREDIT_ACTIVE": _state(lines, random),
        "CREDIT_CURRENCY": pick(CURRENCIES, random.random(lines.count)),
        "DAYS_CREDIT": lines.opened,
        "DAYS_CREDIT_ENDDATE": _planned_end(lines, random),
        "DAYS_ENDDATE_FACT": np.where(lines.is_open, np.nan, lines.closes),
        "CNT_CREDIT_PROLONG": pick_number(PROLONGATIONS, random.random(lines.count)),
        "AMT_CREDIT_SUM": total,
        "CREDIT_TYPE": lines.kind,
        "DAYS_CREDIT_UPDATE": _updates(lines, random),
        "AMT_ANNUITY": _annuity(lines, total, random),
    }
    return lines, columns | _debts(lines, total, random) | _overdue(lines, total, random)


def _draw_credits(people: People, behaviour: Floats, random: np.random.Generator) -> Credits:
    counts = rows_per_client("bureau", people.is_labelled, people.has_bureau, random)
    counts = np.minimum(counts, MOST_CREDITS - 1)
    owner = np.repeat(np.arange(people.count), counts)
    size = len(owner)
    kind = pick(frequencies("bureau", "type"), random.random(size))
    own = 0.85 * behaviour[owner] + 0.53 * random.standard_normal(size)
    # Those in difficulty have opened credits more recently: the younger the credit, the higher the rank.
    recency = (random.standard_normal(size) - 0.28 * behaviour[owner]) / np.sqrt(1 + 0.28**2)
    opened = np.minimum(np.round(grid("bureau", "days_credit").at(ndtr(recency))), -1)
    term = np.round(grid_given(_by_kind("term_by_type"), _known(kind), random.random(size)))
    closes = opened + np.maximum(np.round(term * grid("bureau", "paid_early").at(random.random(size))), 1)
    is_card = kind.is_in("Credit card")
    card_closed = random.random(size) < CARD_CLOSED_SHARE
    closes = np.where(is_card & card_closed, np.round(opened * random.random(size)), closes)
    is_open = np.where(is_card, ~card_closed | (closes > -1), closes > -1)
    credit_id = FIRST_BUREAU_ID + (people.client_id[owner] - FIRST_CLIENT_ID) * MOST_CREDITS + steps_within(counts)
    return Credits(credit_id, owner, kind, opened, opened + term, closes, is_open, own)


@cache
def _by_kind(name: str) -> dict[str, Grid]:
    return {kind: grid("bureau", name, kind) for kind in constants()["bureau"][name]}


def _known(kind: Words) -> Words:
    """Stand in another kind where a rare one has no quantiles of its own."""
    known = _by_kind("term_by_type")
    levels = tuple(level if level in known else "Another type of loan" for level in kind.levels)
    return Words(kind.codes, levels)


def _state(lines: Credits, random: np.random.Generator) -> Words:
    codes = np.where(lines.is_open, 1, 0)
    return Words(np.where(random.random(lines.count) < SOLD_SHARE, 2, codes), ("Closed", "Active", "Sold"))


def _amounts(people: People, lines: Credits, random: np.random.Generator) -> Floats:
    """Draw amounts that follow the client's income a little; two in three are round."""
    latent = 0.35 * people.latent["AMT_INCOME_TOTAL"][lines.owner] + 0.937 * random.standard_normal(lines.count)
    drawn = grid_given(_by_kind("amount_by_type"), _known(lines.kind), ndtr(latent))
    round_step = np.where(random.random(lines.count) < 0.65, 4_500.0, 0.045)
    amounts = np.round(np.maximum(rounded_to(drawn, round_step), 0.0), 3)
    is_empty = lines.kind.is_in("Credit card") & (random.random(lines.count) < 0.15)
    return np.where(is_empty, 0.0, amounts)


def _debts(lines: Credits, total: Floats, random: np.random.Generator) -> Columns:
    """Draw what is left to pay: falling with time on loans, a part of the limit on cards; nothing once closed."""
    elapsed = np.clip(-lines.opened / np.maximum(lines.planned_end - lines.opened, 30), 0, 1)
    left = np.clip((1 - elapsed) ** 0.6 + 0.1 * random.standard_normal(lines.count), 0, 1)
    used = logistic(-0.5 * lines.behaviour + random.standard_normal(lines.count))
    is_card = lines.kind.is_in("Credit card")
    idle = random.random(lines.count) < logistic(-2.4 + 0.5 * lines.behaviour)
    debt = np.where(lines.is_open & ~idle, np.round(total * np.where(is_card, used, left), 2), 0.0)
    has_limit = is_card & lines.is_open & (random.random(lines.count) < 0.37)
    limit = np.where(has_limit, np.round(total - debt, 2), 0.0)
    return {
        "AMT_CREDIT_SUM_DEBT": _sometimes_missing(debt, np.where(lines.is_open, 0.106, 0.165), random),
        "AMT_CREDIT_SUM_LIMIT": _sometimes_missing(limit, np.where(lines.is_open, 0.294, 0.41), random),
    }


def _overdue(lines: Credits, total: Floats, random: np.random.Generator) -> Columns:
    """Draw overdue days and amounts, now and at the worst, more often for those who pay badly."""
    now = lines.is_open & (random.random(lines.count) < logistic(-5.2 - 0.9 * lines.behaviour))
    days = np.where(now, np.ceil(random.exponential(60.0, lines.count)), 0.0)
    amount = np.where(now, np.round(total * random.uniform(0.005, 0.08, lines.count), 2), 0.0)
    ever = now | (random.random(lines.count) < logistic(-1.55 - 0.75 * lines.behaviour))
    worst = np.round(grid("bureau", "max_overdue").at(random.random(lines.count)), 3)
    worst = np.where(ever, np.maximum(np.minimum(worst, 0.6 * total), amount), 0.0)
    return {
        "CREDIT_DAY_OVERDUE": days,
        "AMT_CREDIT_SUM_OVERDUE": amount,
        "AMT_CREDIT_MAX_OVERDUE": _sometimes_missing(np.round(worst, 3), np.full(lines.count, 0.655), random),
    }


def _updates(lines: Credits, random: np.random.Generator) -> Floats:
    recent = -np.ceil(random.exponential(30.0, lines.count))
    soon_after = lines.closes + np.ceil(random.exponential(120.0, lines.count))
    is_recent = lines.is_open | (random.random(lines.count) < 0.05)
    return np.clip(np.where(is_recent, recent, soon_after), lines.opened, -1)


def _annuity(lines: Credits, total: Floats, random: np.random.Generator) -> Floats:
    months = np.maximum((lines.planned_end - lines.opened) / 30.44, 1)
    annuity = np.round(np.minimum(total / 7, total * 1.2 / months) * random.uniform(0.9, 1.1, lines.count), 2)
    stated = np.where(random.random(lines.count) < 0.5, 0.0, annuity)
    return _sometimes_missing(stated, np.full(lines.count, 1_226_791 / 1_716_428), random)


def _planned_end(lines: Credits, random: np.random.Generator) -> Floats:
    """Give the agreed end, unknown for one card in five."""
    return _sometimes_missing(lines.planned_end, np.where(lines.kind.is_in("Credit card"), 0.216, 0.014), random)


def _sometimes_missing(values: Floats, rate: Floats, random: np.random.Generator) -> Floats:
    return np.where(random.random(len(values)) < rate, np.nan, values)
