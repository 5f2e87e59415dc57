"""Payments on loans and cards held here, one row each, made ready: how much of what was due, and how late."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelling.features.aggregates import CLIENT
from modelling.features.arithmetic import ratio
from modelling.features.history import BILLIONTHS, EUROS, History
from modelling.features.ordering import is_first_of, ordered
from modelling.features.tables import Tables

VERSION = "num_instalment_version"
ORDER = (CLIENT, "sk_id_prev", VERSION, "num_instalment_number")

HISTORY = History(
    "installments_payments",
    subsets={"new_version": pl.col("is_new_version")},
    scales={"paid_to_due": BILLIONTHS, "shortfall": EUROS},
)


def prepared_rows(tables: Tables) -> pl.DataFrame:
    """Return the payments loan by loan; a day or an amount that is missing leaves what is made of it missing."""
    rows = ordered(tables.installments_payments, *ORDER)
    due, paid = pl.col("amt_instalment"), pl.col("amt_payment")
    delay = pl.col("days_entry_payment") - pl.col("days_instalment")
    return rows.with_columns(
        paid_days=-pl.col("days_entry_payment"),
        paid_to_due=ratio(paid, due),
        shortfall=due - paid,
        late_days=delay.clip(lower_bound=0),
        early_days=(-delay).clip(lower_bound=0),
        is_new_version=_is_new_version(rows),
    )


def _is_new_version(rows: pl.DataFrame) -> pl.Series:
    """Flag one row of each version of a calendar that a client has had, whatever the loan."""
    firsts = np.flatnonzero(is_first_of(rows, CLIENT, "sk_id_prev", VERSION))
    versions = rows.select(CLIENT, VERSION)[firsts]
    is_first = versions.select(pl.struct(CLIENT, VERSION).is_first_distinct() & pl.col(VERSION).is_not_null())
    is_new = np.zeros(rows.height, np.bool_)
    is_new[firsts] = is_first.to_series().to_numpy()
    return pl.Series(is_new)
