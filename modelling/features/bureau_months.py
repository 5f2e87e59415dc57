"""The monthly statuses of the bureau's credits, made into one row a credit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from modelling.features.history import History
from modelling.features.ordering import together
from modelling.features.runs import Real, Runs, codes_of

LATE_MONTHS = (6, 12, 24)
STATUSES = ("C", "X", "0", "1", "2", "3", "4", "5")
_LATE = slice(STATUSES.index("1"), STATUSES.index("5") + 1)

# A month counts under a code: its status (the last is for any other), and how many of the windows it is too old for.
_CODES = (len(STATUSES) + 1, len(LATE_MONTHS) + 1)

_MONTHS = History("bureau_balance")
_DATES = {"first_month": -_MONTHS.least("months_balance"), "last_month": -_MONTHS.greatest("months_balance")}
_DATING = _MONTHS.plan(_DATES.values())


def monthly_statuses(balances: pl.DataFrame) -> pl.DataFrame:
    """Return one row a credit of the bureau: how many months are known, how late it was and when.

    Level of delay: 0 paid in time, 1 up to 30 days late, then 30 days a level, 5 over 120 days or written off; C
    (closed) and X (unknown) have none. Windows count back from the application (months_balance 0 is its month).
    """
    rows = together(balances, "sk_id_bureau")
    runs = Runs.of(rows["sk_id_bureau"])
    counts = _counts(rows, runs)
    late = counts[_LATE].sum(axis=0)
    counted = rows.select("sk_id_bureau")[runs.firsts].with_columns(
        months_known=np.diff(runs.starts),
        late_months=late.sum(axis=0),
        **{f"late_months_last_{span}": late[: place + 1].sum(axis=0) for place, span in enumerate(LATE_MONTHS)},
        **{f"status_{status}_share": counts[place].sum(axis=0) for place, status in enumerate(STATUSES)},
    )
    dates = _DATING.run_each(rows, runs).select(**_DATES)
    return counted.with_columns(*_shares(), worst_status=_worst()).hstack(dates)


def _counts(rows: pl.DataFrame, runs: Runs) -> Real:
    """Return how many months each credit has: statuses × ages × credits."""
    from modelling.features.kernel import count_codes  # noqa: PLC0415  see there

    is_older = ((pl.col("months_balance") < -span).fill_null(value=True).cast(pl.UInt8) for span in LATE_MONTHS)
    ages = rows.select(pl.sum_horizontal(is_older)).to_series().to_numpy()
    counts = np.zeros((_CODES[0] * _CODES[1], len(runs)))
    ((_, codes),) = codes_of(rows, {"status": STATUSES})
    count_codes(runs.to(np.arange(len(runs))), codes * np.uint8(_CODES[1]) + ages, counts)
    return counts.reshape(*_CODES, len(runs))


def _shares() -> Iterator[pl.Expr]:
    """Return the share of each status, where its count stands so far."""
    return (pl.col(f"status_{status}_share") / pl.col("months_known") for status in STATUSES)


def _worst() -> pl.Expr:
    return pl.max_horizontal(pl.when(pl.col(f"status_{level}_share") > 0).then(level) for level in range(6))
