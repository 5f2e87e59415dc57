"""The columns of previous_application, from the applications and their terms."""

from __future__ import annotations

import numpy as np

from modelling.demo_data.constants import frequencies, frequency_table
from modelling.demo_data.contracts import Contracts
from modelling.demo_data.draws import Flags, Floats, Words, grid_given, pick, pick_given, pick_number, words_where
from modelling.demo_data.people import People
from modelling.demo_data.person import Columns
from modelling.demo_data.previous_loans import Asked, by_kind

NOT_YET = 365_243
# Shares of applications without terms (annuity, number of instalments), by 'type|status'.
WITHOUT_TERMS = {
    "Consumer loans|Unused offer": 0.98, "Cash loans|Unused offer": 1.0, "Cash loans|Refused": 0.166,
    "Consumer loans|Refused": 0.172, "Revolving loans|Refused": 0.055,
}  # fmt: skip
WITHOUT_DATES_SHARE = {"Consumer loans": 0.021, "Revolving loans": 0.044, "Cash loans": 0.076}
RARE_RATE_SHARE = 0.0036
CARD_NEVER_USED_SHARE = 0.36


def previous_columns(people: People, asked: Asked, terms: Contracts, random: np.random.Generator) -> Columns:
    """Give every column by published name, for all rows, known and unknown."""
    return {
        "SK_ID_PREV": asked.previous_id,
        "SK_ID_CURR": people.client_id[asked.owner],
        "NAME_CONTRACT_TYPE": asked.kind,
        "NAME_CONTRACT_STATUS": asked.status,
        "DAYS_DECISION": asked.decided,
        **_amounts(asked, terms, random),
        **_product_words(asked, terms, random),
        **_process_words(asked, random),
        **_dates(asked, terms, random),
        **_rates(asked, random),
    }


def _amounts(asked: Asked, terms: Contracts, random: np.random.Generator) -> Columns:
    bare = random.random(asked.count) < asked.combination.valued(WITHOUT_TERMS)
    unnamed = asked.goods == 0
    offered_down = asked.kind.valued({"Consumer loans": 0.98, "Cash loans": 0.1, "Revolving loans": 0.01})
    has_down = (random.random(asked.count) < offered_down) & ~asked.status.is_in("Canceled")
    paid = np.where(asked.goods > 0, terms.down_payment / np.maximum(asked.goods, 1), 0.0)
    no_terms = np.where(asked.status.is_in("Canceled"), asked.amount == 0, bare)
    return {
        "AMT_ANNUITY": np.where(no_terms, np.nan, terms.annuity),
        "CNT_PAYMENT": np.where(no_terms, np.nan, asked.months),
        "AMT_APPLICATION": asked.goods,
        "AMT_CREDIT": terms.credit,
        "AMT_GOODS_PRICE": np.where(unnamed, np.nan, asked.goods),
        "AMT_DOWN_PAYMENT": np.where(has_down, terms.down_payment, np.nan),
        "RATE_DOWN_PAYMENT": np.where(has_down, np.round(paid, 6), np.nan),
    }


def _product_words(asked: Asked, terms: Contracts, random: np.random.Generator) -> Columns:
    def given(name: str, condition: Words) -> Words:
        return pick_given(frequency_table("previous_application", name), condition, random.random(asked.count))

    portfolio, product_type = _portfolio(asked, terms)
    area = np.round(grid_given(by_kind("seller_area"), asked.kind, random.random(asked.count)))
    return {
        "PRODUCT_COMBINATION": terms.product,
        "NAME_YIELD_GROUP": terms.yield_group,
        "NAME_PORTFOLIO": portfolio,
        "NAME_PRODUCT_TYPE": product_type,
        "NAME_GOODS_CATEGORY": given("goods_category", terms.product),
        "NAME_SELLER_INDUSTRY": given("industry", terms.product),
        "CHANNEL_TYPE": given("channel", terms.product),
        "SELLERPLACE_AREA": area,
    }


def _portfolio(asked: Asked, terms: Contracts) -> tuple[Words, Words]:
    """Give portfolio and product type; both are 'XNA' for what never became an offer."""
    levels = ("XNA", "POS", "Cash", "Cards")
    code = asked.kind.valued({"Consumer loans": 1, "Cash loans": 2, "Revolving loans": 3}).astype(np.int64)
    no_offer = asked.status.is_in("Canceled", "Unused offer") | terms.product.is_in("Cash")
    portfolio = Words(np.where(no_offer, 0, code), levels)
    crossed = [1 if "X-Sell" in level else 2 if "Street" in level else 0 for level in terms.product.levels]
    product_type = np.where(no_offer, 0, np.asarray(crossed)[terms.product.codes])
    return portfolio, Words(product_type, ("XNA", "x-sell", "walk-in"))


def _process_words(asked: Asked, random: np.random.Generator) -> Columns:
    def given(name: str, condition: Words) -> Words:
        return pick_given(frequency_table("previous_application", name), condition, random.random(asked.count))

    def free(name: str) -> Words:
        return pick(frequencies("previous_application", "frequencies", name), random.random(asked.count))

    hours = pick_number(
        frequencies("previous_application", "frequencies", "HOUR_APPR_PROCESS_START"), random.random(asked.count)
    )
    return {
        "WEEKDAY_APPR_PROCESS_START": free("WEEKDAY_APPR_PROCESS_START"),
        "HOUR_APPR_PROCESS_START": hours,
        "FLAG_LAST_APPL_PER_CONTRACT": words_where(random.random(asked.count) < 0.9956, "Y", "N"),
        "NFLAG_LAST_APPL_IN_DAY": random.random(asked.count) < 0.9967,
        "NAME_CASH_LOAN_PURPOSE": _where(asked.kind.is_in("Cash loans"), given("purpose", asked.status), "XAP"),
        "NAME_PAYMENT_TYPE": given("payment_type", asked.kind),
        "CODE_REJECT_REASON": _reject_reason(asked, random),
        "NAME_TYPE_SUITE": free("NAME_TYPE_SUITE").blanked(random.random(asked.count) < 0.4912),
        "NAME_CLIENT_TYPE": given("client_type", asked.kind),
    }


def _reject_reason(asked: Asked, random: np.random.Generator) -> Words:
    reasons = frequency_table("previous_application", "reject_reason")["Refused"]
    drawn = _where(asked.status.is_in("Refused"), pick(reasons, random.random(asked.count)), "XAP")
    return _where(~asked.status.is_in("Unused offer"), drawn, "CLIENT")


def _where(condition: Flags, words: Words, otherwise: str) -> Words:
    levels = words.levels if otherwise in words.levels else (*words.levels, otherwise)
    return Words(np.where(condition, words.codes, levels.index(otherwise)), levels)


def _dates(asked: Asked, terms: Contracts, random: np.random.Generator) -> Columns:
    """Give the contract's days; 365243 for what has not happened, missing for what was not granted."""
    lost = random.random(asked.count) < asked.kind.valued(WITHOUT_DATES_SHARE)
    granted = asked.status.is_in("Approved") & ~lost
    card = asked.kind.is_in("Revolving loans")
    unused = card & (random.random(asked.count) < CARD_NEVER_USED_SHARE)
    card_over = card & ~unused & (random.random(asked.count) < 0.25)
    last_due = np.where(card, np.where(card_over, np.floor(terms.first_due * 0.3), 0), terms.last_due)
    ended = terms_ended(last_due) & (~card | card_over)
    closing = last_due + np.ceil(random.exponential(7.0, asked.count))
    days = {
        "DAYS_FIRST_DRAWING": np.where(card & ~unused, np.minimum(asked.decided + 12, -1), NOT_YET),
        "DAYS_FIRST_DUE": np.where(unused | (terms.first_due >= 0), NOT_YET, terms.first_due),
        "DAYS_LAST_DUE_1ST_VERSION": np.where(card, NOT_YET, terms.last_due_planned),
        "DAYS_LAST_DUE": np.where(ended, last_due, NOT_YET),
        "DAYS_TERMINATION": np.where(ended & (closing < 0), closing, NOT_YET),
        "NFLAG_INSURED_ON_APPROVAL": terms.is_insured.astype(float),
    }
    return {name: np.where(granted, values, np.nan) for name, values in days.items()}


def terms_ended(last_due: Floats) -> Flags:
    """Tell which contracts had their last instalment before the application of today."""
    return last_due < 0


def _rates(asked: Asked, random: np.random.Generator) -> Columns:
    """Give the two interest columns, filled for one consumer loan in a hundred or so."""
    filled = asked.kind.is_in("Consumer loans") & (random.random(asked.count) < RARE_RATE_SHARE / 0.43)
    primary = np.round(random.choice([0.142443, 0.160716, 0.189136, 0.193330], asked.count), 6)
    privileged = np.round(random.choice([0.637949, 0.715645, 0.835095, 0.852537, 0.867336], asked.count), 6)
    return {
        "RATE_INTEREST_PRIMARY": np.where(filled, primary, np.nan),
        "RATE_INTEREST_PRIVILEGED": np.where(filled, privileged, np.nan),
    }
