"""The monthly statements of loans held here, made ready: how old each is, how late, and each loan's latest."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelling.features.aggregates import CLIENT
from modelling.features.history import History, trend
from modelling.features.ordering import is_first_of, is_last_of, ordered
from modelling.features.tables import Tables

WINDOWS_MONTHS = (6, 12, 24, 60)
_TREND = trend("late", -pl.col("months_balance"), pl.col("sk_dpd"))
_MONTH = (CLIENT, "sk_id_prev", "months_balance")
STATUSES = {
    "active": "Active",
    "completed": "Completed",
    "signed": "Signed",
    "demand": "Demand",
    "returned": "Returned to the store",
    "approved": "Approved",
    "amortized": "Amortized debt",
    "canceled": "Canceled",
    "unknown_status": "XNA",
}

HISTORY = History(
    "pos_cash_balance",
    subsets={
        **{name: pl.col("name_contract_status") == level for name, level in STATUSES.items()},
        **{f"last_{months}_months": pl.col("age_months") <= months for months in WINDOWS_MONTHS},
        "late": pl.col("sk_dpd") > 0,
        "notably_late": pl.col("sk_dpd_def") > 0,
        "latest": pl.col("is_latest"),
    },
)


def prepared_rows(tables: Tables) -> pl.DataFrame:
    """Return the statements loan by loan and month by month, with their age and whether they are their loan's latest.

    Of two statements of one loan for one month, the one with fewer instalments, in all or to come, counts as later.
    """
    status = pl.col("name_contract_status").cast(pl.Enum(sorted(STATUSES.values())), strict=False).to_physical()
    rows = ordered(tables.pos_cash_balance, *_MONTH, "cnt_instalment", "cnt_instalment_future", status)
    return rows.with_columns(age_months=-pl.col("months_balance"), is_latest=_is_latest(rows), **_TREND)


def _is_latest(rows: pl.DataFrame) -> pl.Series:
    """Flag the first statement of the last month of each loan."""
    firsts = np.flatnonzero(is_first_of(rows, *_MONTH))
    lasts = np.flatnonzero(is_last_of(rows, CLIENT, "sk_id_prev"))
    is_latest = np.zeros(rows.height, np.bool_)
    is_latest[firsts[np.searchsorted(firsts, lasts, side="right") - 1]] = True
    return pl.Series(is_latest)
