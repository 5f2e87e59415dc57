"""The bureau's credits, one row each, made ready: readable days, subsets, and what the monthly statuses add."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from modelling.features.aggregates import CLIENT
from modelling.features.arithmetic import ratio
from modelling.features.history import BILLIONTHS, EUROS, History
from modelling.features.runs import Flags, Numbers, Runs
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
_CODE_OF_LATE = STATUSES.index("1")
_NO_CODE = 255


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
    ordered = balances if balances["sk_id_bureau"].is_sorted() else balances.sort("sk_id_bureau")
    runs, months = Runs.of(ordered["sk_id_bureau"]), Numbers.of(ordered["months_balance"].cast(pl.Int64))
    codes = ordered["status"].cast(pl.Enum(STATUSES), strict=False).to_physical().fill_null(_NO_CODE).to_numpy()
    late = (codes >= _CODE_OF_LATE) & (codes < _NO_CODE)
    counted = pl.DataFrame(
        {
            "sk_id_bureau": runs.owners,
            "months_known": runs.lengths,
            **{f"status_{status}_share": runs.count(codes == code) for code, status in enumerate(STATUSES)},
            **{f"late_months_last_{span}": runs.count(late & _within(months, span)) for span in LATE_MONTHS},
            "first_month": -runs.least(months),
            "last_month": -runs.greatest(months),
            "dated_months": runs.known(months),
        }
    )
    return counted.with_columns(**_delays()).with_columns(*_shares(), **_dates()).drop("dated_months")


def _within(months: Numbers, span: int) -> Flags:
    return months.or_else(-span - 1) >= -span


def _delays() -> dict[str, pl.Expr]:
    """Return how many months were late and the worst level, from the months counted by status."""
    months = {level: pl.col(f"status_{level}_share") for level in range(6)}
    levels = (pl.when(count > 0).then(pl.lit(level, pl.Int64)) for level, count in months.items())
    return {
        "late_months": pl.sum_horizontal(months[level] for level in range(1, 6)),
        "worst_status": pl.max_horizontal(*levels),
    }


def _shares() -> Iterator[pl.Expr]:
    return (pl.col(f"status_{status}_share") / pl.col("months_known") for status in STATUSES)


def _dates() -> dict[str, pl.Expr]:
    return {name: pl.when(pl.col("dated_months") > 0).then(pl.col(name)) for name in ("first_month", "last_month")}
