"""The bureau's credits, one row each, made ready: readable days, subsets, and what the monthly statuses add."""

from __future__ import annotations

from functools import cache

import polars as pl

from modelling.features.aggregates import CLIENT
from modelling.features.arithmetic import ratio
from modelling.features.bureau_months import STATUSES, monthly_statuses
from modelling.features.history import BILLIONTHS, EUROS, History
from modelling.features.ordering import ordered, rank
from modelling.features.tables import Tables

OLDEST_DAYS = -40_000  # dates before are errors of entry (they go down to -42,023)
WINDOWS_DAYS = (180, 365, 720, 1825)
TYPES = {
    "consumer": "Consumer credit",
    "card": "Credit card",
    "car": "Car loan",
    "mortgage": "Mortgage",
    "microloan": "Microloan",
}
_LONG_AGO = -(2**30)


HISTORY = History(
    "bureau",
    subsets={
        "active": pl.col("credit_active") == "Active",
        "closed": pl.col("credit_active") == "Closed",
        "sold": pl.col("credit_active").is_in(["Sold", "Bad debt"]),
        "foreign": pl.col("credit_currency") != "currency 1",
        "newest": pl.col("rank") == 0,
        "arrears": (pl.col("amt_credit_max_overdue") > 0) | (pl.col("credit_day_overdue") > 0),
        "late_now": pl.col("credit_day_overdue") > 0,
        "other_type": ~pl.col("credit_type").is_in(list(TYPES.values())),
        **{name: pl.col("credit_type") == level for name, level in TYPES.items()},
        **{f"last_{days}_days": pl.col("opened_days") <= days for days in WINDOWS_DAYS},
    },
    scales={
        "debt_to_credit": BILLIONTHS,
        "credit_left": EUROS,
        **{f"status_{status}_share": BILLIONTHS for status in STATUSES},
    },
)


def prepared_rows(tables: Tables) -> pl.DataFrame:
    """Return the bureau's credits, client by client, with their derived columns.

    `rank` counts a client's credits back from the newest, 0; of two opened the same day, the one with the higher id
    counts as newer.
    """
    days = ("days_credit", "days_credit_enddate", "days_enddate_fact", "days_credit_update")
    dated = tables.bureau.with_columns(pl.when(pl.col(name) >= OLDEST_DAYS).then(pl.col(name)) for name in days)
    rows = ordered(dated, CLIENT)
    ranks = rank(rows, pl.col(CLIENT), -pl.col("days_credit").fill_null(_LONG_AGO), -pl.col("sk_id_bureau"))
    months = monthly_statuses(tables.bureau_balance, rows["sk_id_bureau"])
    return rows.with_columns(**_derived(), rank=ranks).hstack(months)


@cache
def _derived() -> dict[str, pl.Expr]:
    opened, ends, credit = -pl.col("days_credit"), pl.col("days_credit_enddate"), pl.col("amt_credit_sum")
    return {
        "opened_days": opened,
        "updated_days": -pl.col("days_credit_update"),
        "closed_days": -pl.col("days_enddate_fact"),
        "term_days": ends + opened,
        "early_days": ends - pl.col("days_enddate_fact"),
        "debt_to_credit": ratio(pl.col("amt_credit_sum_debt"), credit),
        "credit_left": pl.when(ends > 0).then(credit * ratio(ends, ends + opened)),
    }
