"""Which clients make a group: conditions on their values, all of which must hold."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from modelling.columns import Columns
from modelling.encoding import Matrix

Mask = NDArray[np.bool_]


class Operator(StrEnum):
    """How a value is compared; a missing one meets no comparison, not even "is not"."""

    IS = "eq"
    IS_NOT = "ne"
    BELOW = "lt"
    AT_MOST = "le"
    ABOVE = "gt"
    AT_LEAST = "ge"
    MISSING = "missing"
    KNOWN = "known"


WITHOUT_VALUE = frozenset({Operator.MISSING, Operator.KNOWN})
OF_CATEGORIES = frozenset({Operator.IS, Operator.IS_NOT, *WITHOUT_VALUE})
_COMPARE: dict[Operator, Callable[[Matrix, np.float32], Mask]] = {
    Operator.IS: operator.eq,
    Operator.IS_NOT: operator.ne,
    Operator.BELOW: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.ABOVE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}


@dataclass(frozen=True)
class Condition:
    """One condition. value: as the columns hold it, a category by its code; without meaning for WITHOUT_VALUE."""

    feature: str
    operator: Operator
    value: float = 0.0


def meeting(columns: Columns, conditions: Iterable[Condition]) -> Mask:
    """Return for each client whether he meets all conditions; without any, everybody does."""
    found = np.ones(len(columns), dtype=bool)
    for condition in conditions:
        found &= _meets(columns.column(condition.feature), condition)
    return found


def _meets(values: Matrix, condition: Condition) -> Mask:
    missing = np.isnan(values)
    if condition.operator is Operator.MISSING:
        return missing
    if condition.operator is Operator.KNOWN:
        return ~missing
    # Compared as the columns hold it: 0.1 in float64 is no value of a float32 column.
    return _COMPARE[condition.operator](values, np.float32(condition.value)) & ~missing
