"""The monthly statements of loans held here, made ready: how old each is, how late, and each loan's latest."""

from __future__ import annotations

import polars as pl

from modelling.features.aggregates import CLIENT
from modelling.features.history import History
from modelling.features.ordering import is_first_of, ordered
from modelling.features.tables import Tables

WINDOWS_MONTHS = (6, 12, 24, 60)
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
        "latest": is_first_of(CLIENT, "sk_id_prev"),
    },
)


def prepared_rows(tables: Tables) -> pl.DataFrame:
    """Return the statements with their age, each loan's latest first.

    Of two statements of one loan for one month, the one with fewer instalments to come counts as later.
    """
    status = pl.col("name_contract_status").cast(pl.Enum(list(STATUSES.values())), strict=False).to_physical()
    aged = tables.pos_cash_balance.with_columns(age_months=-pl.col("months_balance"))
    return ordered(aged, CLIENT, "sk_id_prev", "age_months", "cnt_instalment_future", status)
