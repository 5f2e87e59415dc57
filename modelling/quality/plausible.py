"""The range in which a published column may lie; what stands outside is a slip of the pen or of a unit.

Wide on purpose: each holds all but a few in ten thousand of the published values.
"""

from __future__ import annotations

from functools import cache

from modelling.features.catalogue import CATALOGUE
from modelling.features.schema import Column, Kind

Range = tuple[float, float]

# The publisher's mark for "no such day".
NO_DAY = 365_243
_DAYS_OF_A_LIFE: Range = (-40_000, 40_000)
_PAST: Range = (-40_000, 0)
_AMOUNT: Range = (-1e9, 1e9)  # refunds and corrections are negative
# By name, where the kind of column does not say it.
_RANGES: dict[str, Range] = {
    "days_birth": (-36_525, -6_570),  # 18 to 100 years
    "days_employed": _PAST,
    "days_registration": _PAST,
    "days_id_publish": _PAST,
    "days_last_phone_change": _PAST,
    "days_credit": _PAST,
    "days_decision": _PAST,
    "days_instalment": _PAST,
    "days_entry_payment": _PAST,
    "months_balance": (-1_200, 0),
    "amt_annuity": (0, 1e9),
    "amt_application": (0, 1e9),
    "amt_credit": (0, 1e9),
    "amt_goods_price": (0, 1e9),
    "rate_down_payment": (-0.01, 1),
    "rate_interest_primary": (0, 1),
    "rate_interest_privileged": (0, 1),
    "hour_appr_process_start": (0, 23),
    "sellerplace_area": (-1, 1e7),
}
_BY_PREFIX: dict[str, Range] = {
    "days_": _DAYS_OF_A_LIFE,
    "amt_": _AMOUNT,
    "cnt_": (0, 10_000),
    "num_": (0, 10_000),
    "sk_dpd": (0, 40_000),
    "credit_day_overdue": (0, 40_000),
}


@cache
def plausible_range(table: str, column: Column) -> Range | None:
    """Return the least and largest plausible value of a column; None where it holds words or names a row.

    A column of the application that the catalogue offers as it stands has the catalogue's range.
    """
    if column.kind in {Kind.KEY, Kind.CATEGORY}:
        return None
    if column.kind is Kind.FLAG:
        return 0, 1
    feature = CATALOGUE.get(column.name) if table == "application" else None
    if feature and feature.formula == column.name and feature.low is not None and feature.high is not None:
        return feature.low, feature.high
    by_prefix = (within for prefix, within in _BY_PREFIX.items() if column.name.startswith(prefix))
    return _RANGES.get(column.name) or next(by_prefix, None)
