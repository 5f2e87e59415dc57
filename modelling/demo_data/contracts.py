"""The loans that came of earlier applications: their amounts, their dates and how they ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelling.demo_data.constants import frequencies, frequency_table, grid
from modelling.demo_data.draws import Flags, Floats, Words, money, pick_given
from modelling.demo_data.loan import annuity_factor
from modelling.demo_data.previous_loans import Asked

INSTALMENT_DAYS = 30
EARLY_SHARE = 0.49
INSURANCE_SHARE = 0.12
CARD_ANNUITY_SHARE = 0.05
# Monthly rates that give the published ratio of instalments to credit under each yield group.
MONTHLY_RATE = {
    "Consumer loans|high": 0.055, "Consumer loans|middle": 0.031, "Consumer loans|low_normal": 0.021,
    "Consumer loans|low_action": 0.007, "Cash loans|high": 0.047, "Cash loans|middle": 0.033,
    "Cash loans|low_normal": 0.021, "Cash loans|low_action": 0.016,
}  # fmt: skip
USUAL_MONTHLY_RATE = 0.03


@dataclass(frozen=True)
class Contracts:
    """The terms of each application as if granted, one entry a row of Asked.

    credit, annuity, down_payment: amounts; monthly_rate: interest; is_insured: insurance was bought with it.
    first_due, last_due_planned, last_due: days of the first and last instalment, relative to the application of today.
    paid_months: instalments until it ended or will end; less than agreed when repaid early.
    """

    product: Words
    yield_group: Words
    credit: Floats
    annuity: Floats
    down_payment: Floats
    monthly_rate: Floats
    is_insured: Flags
    first_due: Floats
    last_due_planned: Floats
    last_due: Floats
    paid_months: Floats


def draw_contracts(asked: Asked, random: np.random.Generator) -> Contracts:
    """Draw the terms: the annuity pays the credit back over the agreed months at the yield group's rate."""
    size = asked.count
    product = pick_given(frequency_table("previous_application", "product"), asked.combination, random.random(size))
    group = pick_given(frequency_table("previous_application", "yield_group"), product, random.random(size))
    rate = _monthly_rate(asked, group)
    insured = random.random(size) < asked.kind.valued(frequencies("previous_application", "insured"))
    down = _down_payment(asked, random)
    # Amounts are financed to the nearest step; cash loans carry their insurance in the credit.
    credit = money((asked.amount - down) * np.where(insured, 1 + INSURANCE_SHARE, 1.0))
    is_card = asked.kind.is_in("Revolving loans")
    months = np.maximum(asked.months, 1)
    annuity = money(np.where(is_card, credit * CARD_ANNUITY_SHARE, credit / annuity_factor(rate, months)))
    first_due = asked.decided + np.round(random.triangular(16, 31, 46, size))
    paid = _paid_months(asked, random)
    return Contracts(
        product=product,
        yield_group=group,
        credit=credit,
        annuity=annuity,
        down_payment=down,
        monthly_rate=rate,
        is_insured=insured,
        first_due=first_due,
        last_due_planned=first_due + INSTALMENT_DAYS * (months - 1),
        last_due=first_due + INSTALMENT_DAYS * (paid - 1),
        paid_months=paid,
    )


def _monthly_rate(asked: Asked, group: Words) -> Floats:
    joined = {f"{kind}|{level}": 0.0 for kind in asked.kind.levels for level in group.levels} | MONTHLY_RATE
    names = list(joined)
    rates = np.asarray([joined[name] or USUAL_MONTHLY_RATE for name in names])
    return rates.reshape(len(asked.kind.levels), len(group.levels))[asked.kind.codes, group.codes]


def _down_payment(asked: Asked, random: np.random.Generator) -> Floats:
    share = grid("previous_application", "down_payment_rate").at(random.random(asked.count))
    return np.where(asked.kind.is_in("Consumer loans"), np.round(asked.amount * share / 4.5) * 4.5, 0.0)


def _paid_months(asked: Asked, random: np.random.Generator) -> Floats:
    early = (random.random(asked.count) < EARLY_SHARE) & (asked.months > 3)
    share = random.beta(1.6, 1.3, asked.count)
    shortened = np.maximum(np.ceil(asked.months * share), 2)
    return np.where(early, shortened, np.maximum(asked.months, 1))
