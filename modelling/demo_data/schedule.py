"""The instalments of granted loans that fell due before the application: when, how much, how late.

Both the POS/cash balances and the instalment payments are read from this one schedule, so that they agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from modelling.demo_data.constants import grid
from modelling.demo_data.contracts import INSTALMENT_DAYS, Contracts
from modelling.demo_data.draws import Flags, Floats, Ints, Stream, logistic, money, steps_within
from modelling.demo_data.loan import annuity_factor
from modelling.demo_data.people import People
from modelling.demo_data.previous_loans import Asked

WITHOUT_BALANCES_SHARE = 0.045
# How the delay of one payment splits into behaviour, the contract's own habit and chance.
BEHAVIOUR_LINK, HABIT_LINK = 0.42, 0.45


@dataclass(frozen=True)
class Loans:
    """Granted loans with balances, one entry each.

    asked: row in Asked; agreed, paid: instalments agreed, and until the end; due_count: those due by now;
    is_over: the last one was due before the application; breaks_at: instalment from which nothing is paid any more
    on time (beyond every instalment for nearly all).
    """

    asked: Ints
    first_due: Floats
    agreed: Ints
    paid: Ints
    due_count: Ints
    is_over: Flags
    breaks_at: Ints


@dataclass(frozen=True)
class Instalments:
    """Instalments due, one entry each, loan after loan.

    loan: position in Loans; number: from 1; due: day; delay: days paid late, negative for early; amount: to pay.
    """

    loan: Ints
    number: Ints
    due: Floats
    delay: Floats
    amount: Floats


def draw_schedule(people: People, asked: Asked, terms: Contracts) -> tuple[Loans, Instalments]:
    """Give the loans with balances and their instalments due by now."""
    random = people.stream(Stream.INSTALMENTS)
    loans = _loans(asked, terms, random)
    loan = np.repeat(np.arange(len(loans.asked)), loans.due_count)
    number = steps_within(loans.due_count) + 1
    due = loans.first_due[loan] + INSTALMENT_DAYS * (number - 1)
    return loans, Instalments(
        loan=loan,
        number=number,
        due=due,
        delay=_delays(asked.behaviour[loans.asked], loans, loan, number, due, random),
        amount=_amounts(terms, loans, loan, number),
    )


def _loans(asked: Asked, terms: Contracts, random: np.random.Generator) -> Loans:
    granted = asked.status.is_in("Approved") & ~asked.kind.is_in("Revolving loans")
    rows = np.flatnonzero(granted & (random.random(asked.count) >= WITHOUT_BALANCES_SHARE))
    first_due = terms.first_due[rows]
    paid = terms.paid_months[rows].astype(np.int64)
    elapsed = np.maximum(np.ceil(-first_due / INSTALMENT_DAYS), 0).astype(np.int64)
    broken = random.random(len(rows)) < logistic(-5.6 - 1.1 * asked.behaviour[rows])
    breaking = 1 + np.floor(random.random(len(rows)) * np.minimum(elapsed, paid)).astype(np.int64)
    return Loans(
        asked=rows,
        first_due=first_due,
        agreed=asked.months[rows].astype(np.int64),
        paid=paid,
        due_count=np.minimum(elapsed, paid),
        is_over=terms.last_due[rows] < 0,
        breaks_at=np.where(broken, breaking, 10_000),
    )


def _delays(
    behaviour: Floats, loans: Loans, loan: Ints, number: Ints, due: Floats, random: np.random.Generator
) -> Floats:
    """Draw days late, negative for early; a broken loan is paid months late, but before the application."""
    habit = HABIT_LINK * random.standard_normal(len(loans.asked)) - BEHAVIOUR_LINK * behaviour
    chance = np.sqrt(1 - HABIT_LINK**2 - BEHAVIOUR_LINK**2)
    latent = habit[loan] + chance * random.standard_normal(len(loan))
    usual = np.round(grid("installments_payments", "delay").at(ndtr(latent)))
    late_for_good = np.round(random.uniform(45, 400, len(loans.asked)))[loan]
    delay = np.where(number >= loans.breaks_at[loan], np.maximum(usual, late_for_good), usual)
    return np.minimum(delay, -1 - due)


def _amounts(terms: Contracts, loans: Loans, loan: Ints, number: Ints) -> Floats:
    """Give the annuity; with the last instalment of a loan repaid early, what was left of the credit."""
    rows = loans.asked[loan]
    annuity = terms.annuity[rows]
    missed = (loans.agreed - loans.paid)[loan]
    is_last = (number == loans.paid[loan]) & (missed > 0)
    rest = annuity * annuity_factor(terms.monthly_rate[rows], missed.astype(float))
    return money(np.where(is_last, annuity + rest, annuity))
