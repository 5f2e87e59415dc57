"""Earlier applications to this lender: over all of them, over the approved, over the refused."""

from __future__ import annotations

import pandas as pd

from tests.oracle.aggregates import aggregate, category_shares, ratio

CATEGORIES = (
    "NAME_CONTRACT_TYPE",
    "WEEKDAY_APPR_PROCESS_START",
    "FLAG_LAST_APPL_PER_CONTRACT",
    "NAME_CASH_LOAN_PURPOSE",
    "NAME_CONTRACT_STATUS",
    "NAME_PAYMENT_TYPE",
    "CODE_REJECT_REASON",
    "NAME_TYPE_SUITE",
    "NAME_CLIENT_TYPE",
    "NAME_GOODS_CATEGORY",
    "NAME_PORTFOLIO",
    "NAME_PRODUCT_TYPE",
    "CHANNEL_TYPE",
    "NAME_SELLER_INDUSTRY",
    "NAME_YIELD_GROUP",
    "PRODUCT_COMBINATION",
)

STATISTICS = {
    "APP_CREDIT_PERC": ("min", "max", "mean", "var"),
    "AMT_ANNUITY": ("min", "max", "mean"),
    "AMT_APPLICATION": ("min", "max", "mean"),
    "AMT_CREDIT": ("min", "max", "mean"),
    "AMT_DOWN_PAYMENT": ("min", "max", "mean"),
    "AMT_GOODS_PRICE": ("min", "max", "mean"),
    "HOUR_APPR_PROCESS_START": ("min", "max", "mean"),
    "RATE_DOWN_PAYMENT": ("min", "max", "mean"),
    "DAYS_DECISION": ("min", "max", "mean"),
    "CNT_PAYMENT": ("mean", "sum"),
}


def previous_application_features(previous: pd.DataFrame) -> pd.DataFrame:
    """Return one row a client who applied before: PREV_ over all applications, APPROVED_ and REFUSED_ over those.

    The five columns in which 365243 stands for a missing day are in none of these features.
    """
    rows = previous.assign(APP_CREDIT_PERC=ratio(previous["AMT_APPLICATION"], previous["AMT_CREDIT"]))
    approved = rows[rows["NAME_CONTRACT_STATUS"] == "Approved"]
    refused = rows[rows["NAME_CONTRACT_STATUS"] == "Refused"]
    parts = [
        aggregate(rows, "SK_ID_CURR", STATISTICS, "PREV"),
        category_shares(rows, "SK_ID_CURR", CATEGORIES, "PREV"),
        aggregate(approved, "SK_ID_CURR", STATISTICS, "APPROVED"),
        aggregate(refused, "SK_ID_CURR", STATISTICS, "REFUSED"),
    ]
    return pd.concat(parts, axis="columns")
