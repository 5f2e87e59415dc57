"""The monthly statements of credit cards held here, made ready: how full, how much drawn, how much paid back."""

from __future__ import annotations

import polars as pl

from modelling.features.aggregates import CLIENT
from modelling.features.arithmetic import ratio
from modelling.features.history import BILLIONTHS, History, trend
from modelling.features.ordering import is_last_of, ordered
from modelling.features.tables import Tables

WINDOWS_MONTHS = (2, 6, 12, 24, 60)
THOUSANDTHS = 1000  # of the limit: fine enough for a trend, whose sums are exact over whole numbers alone
_TREND = trend("use", pl.col("age_months"), (pl.col("balance_to_limit") * THOUSANDTHS).round())
STATUSES = {
    "active": "Active",
    "completed": "Completed",
    "signed": "Signed",
    "demand": "Demand",
    "sent_proposal": "Sent proposal",
    "refused": "Refused",
    "approved": "Approved",
}

HISTORY = History(
    "credit_card_balance",
    subsets={
        **{name: pl.col("name_contract_status") == level for name, level in STATUSES.items()},
        **{f"last_{months}_months": pl.col("age_months") <= months for months in WINDOWS_MONTHS},
        "late": pl.col("sk_dpd") > 0,
        "drawing": pl.col("amt_drawings_current") > 0,
        "full": pl.col("balance_to_limit") >= 1,
        "below_minimum": pl.col("amt_payment_current") < pl.col("amt_inst_min_regularity"),
        "latest": pl.col("is_latest"),
    },
    scales={"balance_to_limit": BILLIONTHS, "drawn_to_limit": BILLIONTHS, "paid_to_minimum": BILLIONTHS},
)


def prepared_rows(tables: Tables) -> pl.DataFrame:
    """Return the statements card by card and month by month, with their derived columns.

    A card may be one that the earlier applications lack; a card has one statement a month.
    """
    rows = ordered(tables.credit_card_balance, CLIENT, "sk_id_prev", "months_balance")
    limit = pl.col("amt_credit_limit_actual")
    derived = rows.with_columns(
        age_months=-pl.col("months_balance"),
        balance_to_limit=ratio(pl.col("amt_balance"), limit),
        drawn_to_limit=ratio(pl.col("amt_drawings_current"), limit),
        paid_to_minimum=ratio(pl.col("amt_payment_current"), pl.col("amt_inst_min_regularity")),
        is_latest=pl.Series(is_last_of(rows, CLIENT, "sk_id_prev")),
    )
    return derived.with_columns(**_TREND)
