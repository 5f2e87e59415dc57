"""Instalments of loans and cards held here, one row each, made of the payments that settle them.

An instalment paid in parts comes as several payments, each with the whole amount due: payments of one loan, version of
its calendar and number are one instalment, due on the earliest day named and paid on the latest. A card (version 0)
has no calendar: each of its payments stands for itself.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from modelling.features.aggregates import CLIENT
from modelling.features.arithmetic import DAYS_A_YEAR, ratio
from modelling.features.history import BILLIONTHS, EUROS, History, trend
from modelling.features.ordering import is_first_of, ordered
from modelling.features.payment_rows import ORDER, VERSION
from modelling.features.runs import Runs
from modelling.features.tables import Tables

CARD_VERSION = 0
WINDOWS_MONTHS = {6: 183, 12: 365, 24: 731, 60: 1826}  # days in so many months
LATE_DAYS = (7, 15)
RECENT_DAYS = 1000
CENT = 0.01

HISTORY = History(
    "installments_payments",
    rows="instalments",
    subsets={
        "late": pl.col("late_days") > 0,
        "underpaid": pl.col("shortfall") >= CENT,
        **{f"late_{days}_days": pl.col("late_days") > days for days in LATE_DAYS},
        **{f"last_{months}_months": pl.col("due_days") <= days for months, days in WINDOWS_MONTHS.items()},
    },
    scales={
        "due": EUROS,
        "paid": EUROS,
        "shortfall": EUROS,
        "weight": BILLIONTHS,
        "late_weight": BILLIONTHS,
        "early_weight": BILLIONTHS,
        "loan_paid_to_due": BILLIONTHS,
    },
)

_TREND = trend("delay", pl.col("due_days"), pl.col("delay_days"))
_PARTS = History("installments_payments", rows="parts")
_OF_AN_INSTALMENT = {
    "due": _PARTS.greatest("amt_instalment"),
    "paid": _PARTS.total("amt_payment"),
    "due_days": _PARTS.greatest("due_days"),
    "paid_days": _PARTS.least("paid_days"),
}
_LOANS = History("installments_payments", rows="loans", scales={"recent_share": BILLIONTHS})
_OF_A_LOAN = {"paid_to_due": _LOANS.mean("recent_share")}
_MERGE, _BY_LOAN = _PARTS.plan(_OF_AN_INSTALMENT.values()), _LOANS.plan(_OF_A_LOAN.values())


def prepared_rows(tables: Tables) -> pl.DataFrame:
    """Return one row an instalment, with its delay, its weight in time and what was not paid."""
    merged = _merged(ordered(tables.installments_payments, *ORDER))
    delay, age = pl.col("due_days") - pl.col("paid_days"), pl.col("due_days").clip(lower_bound=0)
    timed = merged.with_columns(
        shortfall=pl.col("due") - pl.col("paid"),
        delay_days=delay,
        late_days=delay.clip(lower_bound=0),
        early_days=(-delay).clip(lower_bound=0),
        weight=pl.when(delay.is_not_null()).then((-age / DAYS_A_YEAR).exp()),
        loan_paid_to_due=_means_by_loan(merged),
    )
    weight = pl.col("weight")
    weights = {"late_weight": weight * pl.col("late_days"), "early_weight": weight * pl.col("early_days")}
    return timed.with_columns(**weights, **_TREND)


def _merged(payments: pl.DataFrame) -> pl.DataFrame:
    is_of_card = payments.select((pl.col(VERSION) == CARD_VERSION).fill_null(value=False)).to_series().to_numpy()
    runs = Runs.at(is_first_of(payments, *ORDER) | is_of_card)
    dated = payments.with_columns(due_days=-pl.col("days_instalment"), paid_days=-pl.col("days_entry_payment"))
    parts = _MERGE.run_each(dated, runs).select(**_OF_AN_INSTALMENT)
    return payments.select(CLIENT, "sk_id_prev")[runs.firsts].hstack(parts)


def _means_by_loan(instalments: pl.DataFrame) -> pl.Series:
    """Return on the first instalment of each loan the mean share paid of its instalments of the last 1,000 days."""
    runs = Runs.at(is_first_of(instalments, CLIENT, "sk_id_prev"))
    share = pl.when(pl.col("due_days") <= RECENT_DAYS).then(ratio(pl.col("paid"), pl.col("due")))
    of_loans = _BY_LOAN.run_each(instalments.select(recent_share=share), runs).select(**_OF_A_LOAN)
    means = np.full(instalments.height, np.nan)
    means[runs.firsts] = of_loans["paid_to_due"].to_numpy()
    return pl.Series(means, nan_to_null=True)
