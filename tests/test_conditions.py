from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from modelling.columns import Columns, write_columns
from modelling.conditions import Condition, Operator, meeting


@pytest.fixture
def columns(tmp_path: Path) -> Columns:
    rows = pl.DataFrame(
        {
            "sk_id_curr": [1, 2, 3, 4],
            "client_id": [1, 2, 3, 4],
            "target": [0, 0, 0, 0],
            "share": [0.1, 0.2, None, 0.3],
            "word": ["a", "b", "b", None],
        }
    )
    return write_columns(tmp_path, ["share", "word"], [rows], most=4, about={})


@pytest.mark.parametrize(
    ("operator", "value", "who"),
    [
        (Operator.IS, 0.1, [1]),
        (Operator.IS_NOT, 0.1, [2, 4]),
        (Operator.BELOW, 0.2, [1]),
        (Operator.AT_MOST, 0.2, [1, 2]),
        (Operator.ABOVE, 0.2, [4]),
        (Operator.AT_LEAST, 0.2, [2, 4]),
        (Operator.MISSING, 0.0, [3]),
        (Operator.KNOWN, 0.0, [1, 2, 4]),
    ],
)
def test_an_operator_keeps_whom_it_says(columns: Columns, operator: Operator, value: float, who: list[int]) -> None:
    assert columns.numbers[meeting(columns, [Condition("share", operator, value)])].tolist() == who


def test_all_conditions_must_hold(columns: Columns) -> None:
    conditions = [Condition("word", Operator.IS, 1.0), Condition("share", Operator.KNOWN)]

    assert columns.numbers[meeting(columns, conditions)].tolist() == [2]


def test_without_conditions_everybody_is_meant(columns: Columns) -> None:
    assert meeting(columns, []).all()
