"""The bureau's credits, one row each, made ready: readable days, subsets, and what the monthly statuses add."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelling.features.aggregates import CLIENT
from modelling.features.arithmetic import ratio
from modelling.features.history import BILLIONTHS, EUROS, History
from modelling.features.ordering import ordered, rank
from modelling.features.runs import Real, Runs
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
_NO_LETTER = 0
_PLACE_OF_LETTER = np.full(256, len(STATUSES), np.uint8)
_PLACE_OF_LETTER[[ord(status) for status in STATUSES]] = range(len(STATUSES))
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
    months = monthly_statuses(tables.bureau_balance)
    derived = rows.with_columns(**_derived(), rank=ranks)
    return derived.join(months, on="sk_id_bureau", how="left", maintain_order="left")


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


_MONTHS = History("bureau_balance")
_DATES = {"first_month": -_MONTHS.least("months_balance"), "last_month": -_MONTHS.greatest("months_balance")}
_DATING = _MONTHS.plan(_DATES.values())


def monthly_statuses(balances: pl.DataFrame) -> pl.DataFrame:
    """Return one row a credit of the bureau: how many months are known, how late it was and when.

    Level of delay: 0 paid in time, 1 up to 30 days late, then 30 days a level, 5 over 120 days or written off; C
    (closed) and X (unknown) have none. Windows count back from the application (months_balance 0 is its month).
    """
    rows = ordered(balances, "sk_id_bureau")
    runs = Runs.of(rows["sk_id_bureau"])
    return pl.DataFrame(
        {
            "sk_id_bureau": rows["sk_id_bureau"].gather(pl.Series(runs.firsts)),
            "months_known": np.diff(runs.starts),
            **_told_by_status(_counts(rows, runs)),
        }
    ).hstack(_DATING.run_each(rows, runs).select(**_DATES))


def _counts(rows: pl.DataFrame, runs: Runs) -> Real:
    """Return how many months a credit has, by status (the last for any other) and span (the last for any older)."""
    from modelling.features.kernel import count_codes  # noqa: PLC0415  see there

    letters = rows["status"].cast(pl.Binary).bin.reinterpret(dtype=pl.UInt8).fill_null(_NO_LETTER)
    is_older = ((pl.col("months_balance") >= -span).fill_null(value=False).not_() for span in LATE_MONTHS)
    spans = rows.select(pl.sum_horizontal(older.cast(pl.UInt8) for older in is_older)).to_series()
    shape = len(runs), len(STATUSES) + 1, len(LATE_MONTHS) + 1
    counts = np.zeros((shape[0], shape[1] * shape[2]))
    codes = _PLACE_OF_LETTER[letters.to_numpy()] * np.uint8(shape[2]) + spans.cast(pl.UInt8).to_numpy()
    count_codes(runs.to(np.arange(len(runs))), codes, counts)
    return counts.reshape(shape)


def _told_by_status(counts: Real) -> dict[str, Real | pl.Series]:
    by_status = counts.sum(axis=2)
    late = counts[:, STATUSES.index("1") : STATUSES.index("5") + 1]
    levels = by_status[:, STATUSES.index("0") : STATUSES.index("5") + 1] > 0
    worst = np.where(levels, np.arange(levels.shape[1]), np.nan)
    return {
        "late_months": late.sum(axis=(1, 2)),
        **{f"late_months_last_{span}": late[:, :, : n + 1].sum(axis=(1, 2)) for n, span in enumerate(LATE_MONTHS)},
        "worst_status": pl.Series(np.fmax.reduce(worst, axis=1), nan_to_null=True),
        **{
            f"status_{status}_share": by_status[:, place] / by_status.sum(axis=1)
            for place, status in enumerate(STATUSES)
        },
    }
