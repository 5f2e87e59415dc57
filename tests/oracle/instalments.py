"""What was due and what was paid on earlier loans."""

from __future__ import annotations

import pandas as pd

from tests.oracle.aggregates import aggregate, ratio

STATISTICS = {
    "NUM_INSTALMENT_VERSION": ("nunique",),
    "PAYMENT_PERC": ("max", "mean", "sum", "var"),
    "PAYMENT_DIFF": ("max", "mean", "sum", "var"),
    "DPD": ("max", "mean", "sum"),
    "DBD": ("max", "mean", "sum"),
    "AMT_INSTALMENT": ("max", "mean", "sum"),
    "AMT_PAYMENT": ("min", "max", "mean", "sum"),
    "DAYS_ENTRY_PAYMENT": ("max", "mean", "sum"),
}


def instalments_features(payments: pd.DataFrame) -> pd.DataFrame:
    """Return one row a client with an instalment. DPD and DBD are days past and before the due date, never below 0."""
    days_late = payments["DAYS_ENTRY_PAYMENT"] - payments["DAYS_INSTALMENT"]
    rows = payments.assign(
        PAYMENT_PERC=ratio(payments["AMT_PAYMENT"], payments["AMT_INSTALMENT"]),
        PAYMENT_DIFF=payments["AMT_INSTALMENT"] - payments["AMT_PAYMENT"],
        DPD=days_late.clip(lower=0),
        DBD=(-days_late).clip(lower=0),
    )
    count = rows.groupby("SK_ID_CURR").size().astype("float64")
    return aggregate(rows, "SK_ID_CURR", STATISTICS, "INSTAL").assign(INSTAL_COUNT=count)
