"""The monthly statuses of the bureau's credits, made into one row a credit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from modelling.features.ordering import together
from modelling.features.runs import Real, Runs, Whole, codes_of

LATE_MONTHS = (6, 12, 24)
STATUSES = ("C", "X", "0", "1", "2", "3", "4", "5")
_LATE = slice(STATUSES.index("1"), STATUSES.index("5") + 1)
_IS_LATE = np.array([status in STATUSES[_LATE] for status in (*STATUSES, "another")], np.uint8)
_OLDEST = np.array([-span for span in LATE_MONTHS], np.int32)
_NOWHERE = -1


def monthly_statuses(balances: pl.DataFrame, credit_numbers: pl.Series) -> pl.DataFrame:
    """Return one row for each of these credits of the bureau: how many months are known, how late it was and when.

    Level of delay: 0 paid in time, 1 up to 30 days late, then 30 days a level, 5 over 120 days or written off; C
    (closed) and X (unknown) have none. Windows count back from the application (months_balance 0 is its month). A
    credit without months has all missing; months of a credit not named are left out.
    """
    counted = _counted(together(balances, "sk_id_bureau"), credit_numbers)
    by_status = dict(zip(STATUSES, counted, strict=False))
    *within, first, last, known = counted[len(_IS_LATE) :]
    columns = {
        "months_known": known,
        "late_months": counted[_LATE].sum(axis=0),
        **{f"late_months_last_{span}": late for span, late in zip(LATE_MONTHS, within, strict=True)},
        **{f"status_{status}_share": count / known for status, count in by_status.items()},
        "worst_status": _worst(by_status),
        "first_month": -first,
        "last_month": -last,
    }
    return pl.DataFrame([pl.Series(name, values, nan_to_null=True) for name, values in columns.items()])


def _counted(rows: pl.DataFrame, credit_numbers: pl.Series) -> Real:
    """Return what the kernel finds in each credit's rows, NaN where it has none."""
    from modelling.features.kernel import MISSING_MONTH, look_at_months  # noqa: PLC0415  see there

    runs = Runs.of(rows["sk_id_bureau"])
    bounds = runs.bounds(_places(rows["sk_id_bureau"].to_numpy()[runs.firsts], credit_numbers.to_numpy()))
    ((_, statuses),) = codes_of(rows, {"status": STATUSES})
    months = rows["months_balance"].fill_null(MISSING_MONTH).to_numpy()
    found = np.full((len(_IS_LATE) + len(_OLDEST) + 3, len(credit_numbers)), np.nan)
    look_at_months(bounds[bounds[:, -1] != _NOWHERE], statuses, months, _IS_LATE, _OLDEST, found)
    return found


def _places(keys: Whole, known: Whole) -> Whole:
    """Return where each key stands among the known ones, `_NOWHERE` if it does not."""
    order = np.argsort(known)
    rising = np.append(known[order], np.iinfo(np.int64).max)
    near = np.searchsorted(rising, keys)
    return np.where(rising[near] == keys, np.append(order, _NOWHERE)[near], _NOWHERE)


def _worst(by_status: Mapping[str, Real]) -> Real:
    """Return the highest level of delay that a month of each credit has, NaN where none has any."""
    worst = np.full_like(by_status["0"], np.nan)
    for level in ("0", *STATUSES[_LATE]):
        worst[by_status[level] > 0] = int(level)
    return worst
