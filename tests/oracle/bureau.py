"""Credits at other lenders with their monthly balances: over all of them, over the active, over the closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from tests.oracle.aggregates import aggregate, category_shares

CATEGORIES = ("CREDIT_ACTIVE", "CREDIT_CURRENCY", "CREDIT_TYPE")
DATES = ("DAYS_CREDIT", "DAYS_CREDIT_ENDDATE", "DAYS_ENDDATE_FACT", "DAYS_CREDIT_UPDATE")
# More than a hundred years before the application: no date.
EARLIEST_DAY = -40_000

STATISTICS: Mapping[str, Sequence[str]] = {
    "DAYS_CREDIT": ("min", "max", "mean", "var"),
    "DAYS_CREDIT_ENDDATE": ("min", "max", "mean"),
    "DAYS_CREDIT_UPDATE": ("mean",),
    "CREDIT_DAY_OVERDUE": ("max", "mean"),
    "AMT_CREDIT_MAX_OVERDUE": ("mean",),
    "AMT_CREDIT_SUM": ("max", "mean", "sum"),
    "AMT_CREDIT_SUM_DEBT": ("max", "mean", "sum"),
    "AMT_CREDIT_SUM_OVERDUE": ("mean",),
    "AMT_CREDIT_SUM_LIMIT": ("mean", "sum"),
    "AMT_ANNUITY": ("max", "mean"),
    "CNT_CREDIT_PROLONG": ("sum",),
    "MONTHS_BALANCE_MIN": ("min",),
    "MONTHS_BALANCE_MAX": ("max",),
    "MONTHS_BALANCE_SIZE": ("mean", "sum"),
}


def bureau_features(bureau: pd.DataFrame, bureau_balance: pd.DataFrame) -> pd.DataFrame:
    """Return one row a client with a credit elsewhere: BURO_ over all credits, ACTIVE_ and CLOSED_ over those."""
    balances = _balances_of_credits(bureau_balance)
    credits_ = _without_impossible_dates(bureau).join(balances, on="SK_ID_BUREAU")
    active = credits_[credits_["CREDIT_ACTIVE"] == "Active"]
    closed = credits_[credits_["CREDIT_ACTIVE"] == "Closed"]
    status_shares = {column: ("mean",) for column in balances.columns if column.startswith("STATUS_")}
    parts = [
        aggregate(credits_, "SK_ID_CURR", {**STATISTICS, **status_shares}, "BURO"),
        category_shares(credits_, "SK_ID_CURR", CATEGORIES, "BURO"),
        aggregate(active, "SK_ID_CURR", STATISTICS, "ACTIVE"),
        aggregate(closed, "SK_ID_CURR", STATISTICS, "CLOSED"),
    ]
    return pd.concat(parts, axis="columns")


def _without_impossible_dates(bureau: pd.DataFrame) -> pd.DataFrame:
    dates = bureau[list(DATES)]
    return bureau.assign(**dates.where(dates >= EARLIEST_DAY))


def _balances_of_credits(bureau_balance: pd.DataFrame) -> pd.DataFrame:
    """Return one row a credit: the first, last and number of its months, and the share of months in each status."""
    months = bureau_balance.groupby("SK_ID_BUREAU")["MONTHS_BALANCE"].agg(["min", "max", "size"])
    months.columns = pd.Index(["MONTHS_BALANCE_MIN", "MONTHS_BALANCE_MAX", "MONTHS_BALANCE_SIZE"])
    shares = category_shares(bureau_balance, "SK_ID_BUREAU", ["STATUS"], "")
    return months.join(shares.rename(columns=lambda name: name.removeprefix("_")))
