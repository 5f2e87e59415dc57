"""What fell due and what was paid, instalment by instalment, of loans and of cards."""

from __future__ import annotations

import numpy as np

from modelling.demo_data.credit_card import CardMonths
from modelling.demo_data.draws import Floats, Ints, money, steps_within
from modelling.demo_data.people import People
from modelling.demo_data.person import Columns
from modelling.demo_data.previous_loans import Asked
from modelling.demo_data.schedule import Instalments, Loans

SPLIT_SHARE = 0.055
CARD_VERSION = 0
DAYS_A_MONTH = 30.4375


def loan_payments(people: People, asked: Asked, loans: Loans, due: Instalments, random: np.random.Generator) -> Columns:
    """Give one row an instalment of the loans, two where it was paid in two parts."""
    counts = 1 + (random.random(len(due.loan)) < SPLIT_SHARE)
    row = np.repeat(np.arange(len(due.loan)), counts)
    part = steps_within(counts)
    first_share = np.where(counts == 2, random.uniform(0.15, 0.85, len(counts)), 1.0)
    amount = due.amount[row]
    first = money(due.amount * first_share)[row]
    paid = np.where(part == 0, first, amount - first)
    later = np.where(part == 1, np.ceil(random.exponential(6.0, len(row))), 0)
    shortfall = _shortfall(due.delay[row], random)
    rows = loans.asked[due.loan][row]
    return {
        "SK_ID_PREV": asked.previous_id[rows],
        "SK_ID_CURR": people.client_id[asked.owner[rows]],
        "NUM_INSTALMENT_VERSION": _version(loans, due)[row],
        "NUM_INSTALMENT_NUMBER": due.number[row],
        "DAYS_INSTALMENT": due.due[row],
        "DAYS_ENTRY_PAYMENT": np.minimum((due.due + due.delay)[row] + later, -1),
        "AMT_INSTALMENT": amount,
        "AMT_PAYMENT": money(paid * shortfall),
    }


def _shortfall(delay: Floats, random: np.random.Generator) -> Floats:
    """Give the share paid: of what comes a month late, a third is paid in part."""
    short = (delay > 30) & (random.random(len(delay)) < 0.33)
    return np.where(short, random.uniform(0.05, 0.95, len(delay)), 1.0)


def _version(loans: Loans, due: Instalments) -> Ints:
    """Give the calendar's version: 1, and 2 for the last instalment of a loan repaid early."""
    repaid_early = (due.number == loans.paid[due.loan]) & (loans.paid < loans.agreed)[due.loan]
    return np.where(repaid_early, 2, 1)


def card_payments(people: People, asked: Asked, months: CardMonths, random: np.random.Generator) -> Columns:
    """Give the payments on cards: in every month with a minimum due, in one to four parts."""
    paid_months = np.flatnonzero((months.minimum > 0) & (months.month < -1) & (months.payment > 0))
    counts = 1 + random.binomial(3, 0.42, len(paid_months)).astype(np.int64)
    row = np.repeat(paid_months, counts)
    weight = random.uniform(0.2, 1.0, len(row))
    total = np.bincount(np.repeat(np.arange(len(counts)), counts), weights=weight)
    share = weight / np.repeat(total, counts)
    due = np.floor((months.month[row] + 1) * DAYS_A_MONTH) - 5
    early = np.round(random.triangular(-24, -4, 3, len(row)))
    rows = months.asked[row]
    return {
        "SK_ID_PREV": asked.previous_id[rows],
        "SK_ID_CURR": people.client_id[asked.owner[rows]],
        "NUM_INSTALMENT_VERSION": np.full(len(row), CARD_VERSION),
        "NUM_INSTALMENT_NUMBER": np.maximum(months.mature_count[row], 1),
        "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": np.minimum(due + early + months.days_late[row], -1),
        "AMT_INSTALMENT": money(months.minimum[row] * share),
        "AMT_PAYMENT": money(months.payment[row] * share),
    }
