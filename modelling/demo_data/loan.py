"""What the client asks for and earns: income, goods price, credit and annuity."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from modelling.demo_data.constants import frequencies, rank_correlations
from modelling.demo_data.draws import Flags, Floats, Stream, pick, pick_number, rounded_to
from modelling.demo_data.people import People, normal_correlations
from modelling.demo_data.person import Columns

# Credit over annuity of the published cash loans, first and last hundredth.
LEAST_LENGTH, MOST_LENGTH = 8.43, 37.8
TERMS_MONTHS = np.asarray([9, 12, 18, 24, 30, 36, 42, 48, 54, 60])
MIDDLE_MONTHLY_RATE = 0.016
REVOLVING_ANNUITY_SHARE = 0.05
# Dear goods are seldom financed with much insurance on top.
DEAR_GOODS, DEAR_GOODS_RATIO = 1_200_000, 1.08


def draw_loan(people: People) -> Columns:
    """Give income and the four amounts of the loan asked for."""
    random = people.stream(Stream.LOAN)
    kind = pick(frequencies("application", "frequencies", "NAME_CONTRACT_TYPE"), random.random(people.count))
    revolving = kind.is_in("Revolving loans")
    goods = _goods_price(people, random)
    credit = np.where(revolving, _revolving_limit(goods), _credit(people, goods))
    missing = frequencies("application", "missing")
    return {
        "NAME_CONTRACT_TYPE": kind,
        "AMT_INCOME_TOTAL": _income(people, random),
        "AMT_CREDIT": credit,
        "AMT_ANNUITY": _sparse(_annuity(people, random, credit, revolving), missing["AMT_ANNUITY"], random),
        "AMT_GOODS_PRICE": _sparse(np.where(revolving, credit, goods), missing["AMT_GOODS_PRICE"], random),
        "NAME_TYPE_SUITE": pick(
            frequencies("application", "frequencies", "NAME_TYPE_SUITE"), random.random(people.count)
        ).blanked(random.random(people.count) < missing["NAME_TYPE_SUITE"]),
    }


def _sparse(values: Floats, missing_rate: float, random: np.random.Generator) -> Floats:
    return np.where(random.random(len(values)) < missing_rate, np.nan, values)


def _income(people: People, random: np.random.Generator) -> Floats:
    """Draw incomes as people state them: four in five a multiple of 22,500 (half a thousand a week)."""
    drawn = people.value("AMT_INCOME_TOTAL")
    coarse = (random.random(people.count) < 0.8) & (drawn > 56_250)
    return rounded_to(drawn, np.where(coarse, 22_500.0, 4_500.0))


def _goods_price(people: People, random: np.random.Generator) -> Floats:
    """Draw prices with the round ones as frequent as published: a third are multiples of 225,000."""
    drawn = people.value("AMT_GOODS_PRICE")
    taste = random.random(people.count)
    step = np.where(taste < 0.35, 225_000.0, np.where(taste < 0.7, 22_500.0, 4_500.0))
    return rounded_to(drawn, np.where(drawn < 180_000, np.minimum(step, 22_500.0), step))


def _credit(people: People, goods: Floats) -> Floats:
    """Give goods price times one of the published ratios; the part above 1 is the insurance bought with the loan."""
    gap = people.latent["AMT_CREDIT"] - people.latent["AMT_GOODS_PRICE"]
    spread = np.sqrt(2.0 * (1.0 - _correlation("AMT_CREDIT", "AMT_GOODS_PRICE")))
    ratio = pick_number(frequencies("application", "credit_to_goods"), ndtr(gap / spread))
    ratio = np.where(goods > DEAR_GOODS, np.minimum(ratio, DEAR_GOODS_RATIO), ratio)
    return rounded_to(goods * ratio, 4.5)


def _revolving_limit(goods: Floats) -> Floats:
    return np.clip(rounded_to(goods * 0.6, 45_000.0), 135_000.0, 1_350_000.0)


def _annuity(people: People, random: np.random.Generator, credit: Floats, revolving: Flags) -> Floats:
    """Give the annuity that pays the credit back over a usual term at a monthly rate of 1.0 to 2.2 %."""
    wanted = np.clip(credit / people.value("AMT_ANNUITY"), LEAST_LENGTH, MOST_LENGTH)
    factors = annuity_factor(np.full(len(TERMS_MONTHS), MIDDLE_MONTHLY_RATE), TERMS_MONTHS.astype(float))
    months = TERMS_MONTHS[np.abs(wanted[:, None] - factors).argmin(axis=1)].astype(float)
    rate = random.uniform(0.010, 0.022, people.count)
    annuity = rounded_to(credit / annuity_factor(rate, months), 4.5)
    return np.where(revolving, credit * REVOLVING_ANNUITY_SHARE, annuity)


def annuity_factor(monthly_rate: Floats, months: Floats) -> Floats:
    """Give how many annuities a loan of this rate and term is worth: (1 − (1 + i)^−n) / i."""
    factor: Floats = -np.expm1(-months * np.log1p(monthly_rate)) / monthly_rate
    return factor


def _correlation(first: str, second: str) -> float:
    columns, _ = rank_correlations()
    return float(normal_correlations()[columns.index(first), columns.index(second)])
