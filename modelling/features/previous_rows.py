"""The client's earlier applications with this lender, one row each, made ready: subsets, and what each row implies."""

from __future__ import annotations

from functools import cache

import polars as pl

from modelling.features.aggregates import CLIENT
from modelling.features.arithmetic import MISSING_DAYS, ratio
from modelling.features.history import BILLIONTHS, EUROS, History
from modelling.features.ordering import ordered, rank
from modelling.features.tables import Tables

LATEST = (1, 3, 5, 10)
WINDOWS_DAYS = (180, 365, 720, 1825)
DAYS_A_MONTH = 30.4375
_LONG_AGO = -(2**30)
CATEGORIES = {
    "cash": ("name_contract_type", "Cash loans"),
    "consumer": ("name_contract_type", "Consumer loans"),
    "revolving": ("name_contract_type", "Revolving loans"),
    "approved": ("name_contract_status", "Approved"),
    "refused": ("name_contract_status", "Refused"),
    "canceled": ("name_contract_status", "Canceled"),
    "unused": ("name_contract_status", "Unused offer"),
    "new_client": ("name_client_type", "New"),
    "repeater": ("name_client_type", "Repeater"),
    "refreshed": ("name_client_type", "Refreshed"),
    "x_sell": ("name_product_type", "x-sell"),
    "walk_in": ("name_product_type", "walk-in"),
    "cards": ("name_portfolio", "Cards"),
    "bank_paid": ("name_payment_type", "Cash through the bank"),
    "yield_low_action": ("name_yield_group", "low_action"),
    "yield_low": ("name_yield_group", "low_normal"),
    "yield_middle": ("name_yield_group", "middle"),
    "yield_high": ("name_yield_group", "high"),
    "rejected_policy": ("code_reject_reason", "HC"),
    "rejected_limit": ("code_reject_reason", "LIMIT"),
    "rejected_score": ("code_reject_reason", "SCO"),
    "rejected_fraud_score": ("code_reject_reason", "SCOFR"),
    "rejected_check": ("code_reject_reason", "VERIF"),
    "office": ("channel_type", "Credit and cash offices"),
    "country_wide": ("channel_type", "Country-wide"),
    "shop": ("channel_type", "Stone"),
    "regional": ("channel_type", "Regional / Local"),
    "contact_center": ("channel_type", "Contact center"),
    "agent": ("channel_type", "AP+ (Cash loan)"),
}

HISTORY = History(
    "previous_application",
    subsets={
        **{name: pl.col(column) == level for name, (column, level) in CATEGORIES.items()},
        **{f"last_{count}": pl.col("rank") < count for count in LATEST},
        **{f"last_{days}_days": pl.col("decided_days") <= days for days in WINDOWS_DAYS},
        "insured": pl.col("nflag_insured_on_approval") == 1,
        "running": pl.col("left_months") > 0,
    },
    scales={
        "asked_to_granted": BILLIONTHS,
        "interest": BILLIONTHS,
        "rate_down_payment": BILLIONTHS,
        "left_to_pay": EUROS,
        "left_months": BILLIONTHS,
        "granted_beyond": EUROS,
    },
)


def prepared_rows(tables: Tables) -> pl.DataFrame:
    """Return the last application of each earlier contract, client by client, with its derived columns.

    Earlier versions of one contract (flag_last_appl_per_contract = N) are left out: they repeat it. `rank` counts a
    client's applications back from 0; of two decided the same day, the one with the higher id counts as later.
    """
    last = tables.previous_application.filter(pl.col("flag_last_appl_per_contract").ne_missing("N"))
    dates = ("days_first_due", "days_last_due_1st_version", "days_last_due", "days_termination")
    dated = last.with_columns(pl.when(pl.col(name) != MISSING_DAYS).then(pl.col(name)) for name in dates)
    rows = ordered(dated, CLIENT)
    ranks = rank(rows, pl.col(CLIENT), -pl.col("days_decision").fill_null(_LONG_AGO), -pl.col("sk_id_prev"))
    return rows.with_columns(rank=ranks).with_columns(**_shape()).with_columns(**_left())


@cache
def _shape() -> dict[str, pl.Expr]:
    """Return what a row implies about its loan.

    Interest: a year, of a loan repaid in equal instalments: 24 · (term · instalment - credit) / (credit · (term + 1)).
    """
    credit, asked, term = pl.col("amt_credit"), pl.col("amt_application"), pl.col("cnt_payment")
    return {
        "decided_days": -pl.col("days_decision"),
        "asked_to_granted": ratio(asked, credit),
        "granted_beyond": credit - asked,
        "interest": yearly_interest(credit, pl.col("amt_annuity"), term),
        "early_days": pl.col("days_last_due_1st_version") - pl.col("days_last_due"),
        "left_months": _running_days() / DAYS_A_MONTH,
    }


@cache
def _left() -> dict[str, pl.Expr]:
    return {"left_to_pay": pl.col("amt_annuity") * pl.col("left_months")}


def _running_days() -> pl.Expr:
    """Return the days to the last instalment of a loan that still runs; missing for any other row."""
    due = pl.col("days_last_due_1st_version")
    running = (pl.col("name_contract_status") == "Approved") & pl.col("days_termination").is_null() & (due > 0)
    return pl.when(running).then(due)


def yearly_interest(credit: pl.Expr, instalment: pl.Expr, term: pl.Expr) -> pl.Expr:
    """Return the yearly rate of a loan repaid in `term` equal monthly instalments; missing without credit or term.

    24 · (term · instalment - credit) / (credit · (term + 1)): the constant-ratio approximation.
    """
    rate = ratio(24 * (term * instalment - credit), credit * (term + 1))
    return pl.when(term > 0).then(rate)
