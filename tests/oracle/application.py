"""The application itself: every published column and the kernel's five ratios."""

from __future__ import annotations

import pandas as pd

from tests.oracle.aggregates import ratio

NOT_EMPLOYED = 365243


def application_features(application: pd.DataFrame) -> pd.DataFrame:
    """Return the published columns but TARGET, with the kernel's ratios beside them."""
    facts = application.set_index("SK_ID_CURR").drop(columns="TARGET", errors="ignore")
    days_employed = facts["DAYS_EMPLOYED"]
    facts["DAYS_EMPLOYED"] = days_employed.where(days_employed != NOT_EMPLOYED)
    return pd.concat([facts, _ratios(facts)], axis="columns")


def _ratios(facts: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "DAYS_EMPLOYED_PERC": ratio(facts["DAYS_EMPLOYED"], facts["DAYS_BIRTH"]),
            "INCOME_CREDIT_PERC": ratio(facts["AMT_INCOME_TOTAL"], facts["AMT_CREDIT"]),
            "INCOME_PER_PERSON": ratio(facts["AMT_INCOME_TOTAL"], facts["CNT_FAM_MEMBERS"]),
            "ANNUITY_INCOME_PERC": ratio(facts["AMT_ANNUITY"], facts["AMT_INCOME_TOTAL"]),
            "PAYMENT_RATE": ratio(facts["AMT_ANNUITY"], facts["AMT_CREDIT"]),
        }
    )
