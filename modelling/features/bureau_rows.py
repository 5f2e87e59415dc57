"""The bureau's credits, one row each, made ready: readable days, subsets, and what the monthly statuses add."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import ratio
from modelling.features.history import BILLIONTHS, CLIENT, EUROS, History
from modelling.features.tables import Tables

OLDEST_DAYS = -40_000  # dates before are errors of entry (they go down to -42,023)
WINDOWS_DAYS = (180, 365, 720)
LATE_MONTHS = (6, 12, 24)
TYPES = {
    "consumer": "Consumer credit",
    "card": "Credit card",
    "car": "Car loan",
    "mortgage": "Mortgage",
    "microloan": "Microloan",
}
STATUSES = ("C", "X", "0", "1", "2", "3", "4", "5")
_NO_LEVEL = 255


HISTORY = History(
    "bureau",
    subsets={
        "active": pl.col("credit_active") == "Active",
        "closed": pl.col("credit_active") == "Closed",
        "sold": pl.col("credit_active").is_in(["Sold", "Bad debt"]),
        "foreign": pl.col("credit_currency") != "currency 1",
        "newest": pl.col(CLIENT).is_first_distinct(),
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
    """Return the bureau's credits with their derived columns, each client's newest credit first.

    Of two credits opened the same day, the one with the higher id counts as newer.
    """
    days = ("days_credit", "days_credit_enddate", "days_enddate_fact", "days_credit_update")
    dated = tables.bureau.with_columns(pl.when(pl.col(name) >= OLDEST_DAYS).then(pl.col(name)) for name in days)
    newest_first = dated.sort(CLIENT, "days_credit", "sk_id_bureau", descending=[False, True, True], nulls_last=True)
    months = monthly_statuses(tables.bureau_balance)
    return newest_first.with_columns(**_derived()).join(months, on="sk_id_bureau", how="left", maintain_order="left")


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


def monthly_statuses(balances: pl.DataFrame) -> pl.DataFrame:
    """Return one row a credit of the bureau: how many months are known, how late it was and when.

    Level of delay: 0 paid in time, 1 up to 30 days late, then 30 days a level, 5 over 120 days or written off; C
    (closed) and X (unknown) have none. Windows count back from the application (months_balance 0 is its month).
    """
    coded = balances.select("sk_id_bureau", "months_balance", _level().alias("level"), _code().alias("code"))
    counted = coded.group_by("sk_id_bureau").agg(
        pl.len().cast(pl.Int64).alias("months_known"),
        (-pl.col("months_balance").min()).alias("first_month"),
        (-pl.col("months_balance").max()).alias("last_month"),
        pl.col("level").max().alias("worst_status"),
        (pl.col("level") > 0).sum().cast(pl.Int64).alias("late_months"),
        *(_late_within(months) for months in LATE_MONTHS),
        *((pl.col("code") == code).sum().alias(f"status_{status}_share") for code, status in enumerate(STATUSES)),
    )
    return counted.with_columns(pl.col(f"status_{status}_share") / pl.col("months_known") for status in STATUSES)


def _late_within(months: int) -> pl.Expr:
    late = (pl.col("level") > 0) & (pl.col("months_balance") >= -months)
    return late.sum().cast(pl.Int64).alias(f"late_months_last_{months}")


def _level() -> pl.Expr:
    return pl.col("status").replace_strict(list("012345"), range(6), default=None, return_dtype=pl.Int8)


def _code() -> pl.Expr:
    return pl.col("status").replace_strict(
        list(STATUSES), range(len(STATUSES)), default=_NO_LEVEL, return_dtype=pl.UInt8
    )
