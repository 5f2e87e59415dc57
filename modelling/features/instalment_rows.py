"""Instalments of loans and cards held here, one row each, made of the payments that settle them.

An instalment paid in parts comes as several payments, each with the whole amount due: payments of one loan, version of
its calendar and number are one instalment, due on the earliest day named and paid on the latest. A card (version 0)
has no calendar: each of its payments stands for itself.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.features.aggregates import CLIENT, whole_numbers
from modelling.features.arithmetic import DAYS_A_YEAR, ratio
from modelling.features.history import BILLIONTHS, EUROS, History
from modelling.features.ordering import is_first_of
from modelling.features.payment_rows import ORDER, VERSION
from modelling.features.runs import Numbers, Runs, Whole

CARD_VERSION = 0
WINDOWS_MONTHS = {6: 183, 12: 365, 24: 731, 60: 1826}  # days in so many months
LATE_DAYS = (7, 15)
RECENT_DAYS = 1000
CENT = 0.01
LARGEST_DAYS = 4000  # no history is longer: cut off there, the sums of products of a trend stay exact

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


def merged_rows(payments: pl.DataFrame) -> pl.DataFrame:
    """Return one row an instalment from prepared payments, with its delay, its weight in time and what was not paid."""
    merged = _merged(payments)
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
    return timed.with_columns(**weights, **_trend())


def _merged(payments: pl.DataFrame) -> pl.DataFrame:
    is_of_card = (pl.col(VERSION) == CARD_VERSION).fill_null(value=False)
    starts = _places(payments, is_first_of(*ORDER) | is_of_card)
    runs = Runs(starts, starts, payments.height)
    columns = Numbers.of_each(
        payments.select(
            due=whole_numbers(pl.col("amt_instalment"), EUROS),
            paid=whole_numbers(pl.col("amt_payment"), EUROS),
            due_days=-pl.col("days_instalment").cast(pl.Int64),
            paid_days=pl.col("paid_days").cast(pl.Int64),
        )
    )
    due, paid, due_days, paid_days = columns.values()
    return payments.select(CLIENT, "sk_id_prev")[starts].with_columns(
        due=_where_known(runs.greatest(due), runs.known(due)) / EUROS,
        paid=_where_known(runs.total(paid.values), runs.known(paid)) / EUROS,
        due_days=_where_known(runs.greatest(due_days), runs.known(due_days)),
        paid_days=_where_known(runs.least(paid_days), runs.known(paid_days)),
    )


def _means_by_loan(instalments: pl.DataFrame) -> pl.Series:
    """Return on the first instalment of each loan the mean share paid of its instalments of the last 1,000 days."""
    starts = _places(instalments, is_first_of(CLIENT, "sk_id_prev"))
    runs = Runs(starts, starts, instalments.height)
    share = pl.when(pl.col("due_days") <= RECENT_DAYS).then(ratio(pl.col("paid"), pl.col("due")))
    shares = Numbers.of(instalments.select(whole_numbers(share, BILLIONTHS)).to_series())
    known = runs.known(shares)
    means = np.full(instalments.height, np.nan)
    means[starts] = np.where(known > 0, runs.total(shares.values) / np.maximum(known, 1) / BILLIONTHS, np.nan)
    return pl.Series(means).fill_nan(None)


def _trend() -> dict[str, pl.Expr]:
    """Return what the slope of the delay over time is made of: both, their product and the square of the time."""
    age = pl.when(pl.col("delay_days").is_not_null()).then(pl.col("due_days").clip(-LARGEST_DAYS, LARGEST_DAYS))
    delay = pl.col("delay_days").clip(-LARGEST_DAYS, LARGEST_DAYS)
    return {"trend_age": age, "trend_delay": delay, "trend_product": age * delay, "trend_square": age * age}


def _places(rows: pl.DataFrame, flags: pl.Expr) -> NDArray[np.intp]:
    return np.flatnonzero(rows.select(flags).to_series().to_numpy())


def _where_known(values: Whole, known: Whole) -> pl.Series:
    return pl.select(pl.when(pl.Series(known) > 0).then(pl.Series(values))).to_series()
