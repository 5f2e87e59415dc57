"""Monthly balances of earlier credit cards."""

from __future__ import annotations

import pandas as pd

from tests.oracle.aggregates import aggregate, dummies

EVERY_STATISTIC = ("min", "max", "mean", "sum", "var")
KEYS = ("SK_ID_PREV", "SK_ID_CURR")
STATUS = "NAME_CONTRACT_STATUS"


def credit_card_features(card: pd.DataFrame) -> pd.DataFrame:
    """Return one row a client with a card. Cards that previous_application lacks count like the others.

    Like the kernel, takes every statistic of the 0 and 1 of each status too; their mean is the share of the status.
    """
    numbers = card.drop(columns=[*KEYS, STATUS])
    columns = pd.concat([numbers, dummies(card, [STATUS])], axis="columns")
    statistics = dict.fromkeys(columns.columns, EVERY_STATISTIC)
    rows = columns.assign(SK_ID_CURR=card["SK_ID_CURR"])
    count = rows.groupby("SK_ID_CURR").size().astype("float64")
    return aggregate(rows, "SK_ID_CURR", statistics, "CC").assign(CC_COUNT=count)
