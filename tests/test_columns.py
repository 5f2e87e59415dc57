from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from modelling.columns import NOT_KNOWN, Columns, open_columns, write_columns

FEATURES = ("amount", "word")


def part(first: int, amounts: list[float | None], words: list[str | None]) -> pl.DataFrame:
    rows = range(first, first + len(amounts))
    return pl.DataFrame(
        {
            "sk_id_curr": [*rows],
            "client_id": [number + 1000 for number in rows],
            "target": [0, 1, None][: len(amounts)],
            "amount": pl.Series(amounts, dtype=pl.Float64),
            "word": pl.Series(words, dtype=pl.String),
        }
    )


@pytest.fixture
def columns(tmp_path: Path) -> Columns:
    parts = [part(1, [1.5, None, 3.0], ["b", "a", None]), part(4, [float("inf"), 7.0], ["c", "a"])]
    return write_columns(tmp_path, FEATURES, parts, most=9, about={"version": 3})


def test_values_come_back_as_they_were_missing_and_infinite_as_nan(columns: Columns) -> None:
    np.testing.assert_array_equal(columns.column("amount"), np.array([1.5, np.nan, 3.0, np.nan, 7.0], dtype=np.float32))
    levels = columns.levels("word")
    assert levels is not None
    words = [None if np.isnan(code) else levels[int(code)] for code in columns.column("word")]
    assert words == ["b", "a", None, "c", "a"]


def test_each_client_keeps_his_number_and_outcome(columns: Columns) -> None:
    assert columns.numbers.tolist() == [1, 2, 3, 4, 5]
    assert columns.owners.tolist() == [1001, 1002, 1003, 1004, 1005]
    assert columns.outcomes.tolist() == [0, 1, NOT_KNOWN, 0, 1]


def test_what_was_written_is_opened_again_without_the_room_nobody_filled(columns: Columns) -> None:
    again = open_columns(columns.folder)

    assert len(again) == 5
    assert again.about == {"version": 3}
    np.testing.assert_array_equal(again.values, columns.values)


def test_a_value_is_coded_as_the_column_holds_it(columns: Columns) -> None:
    assert columns.code("amount", 0.1) == float(np.float32(0.1))
    assert columns.code("word", "c") == 2.0
    assert np.isnan(columns.code("word", "never met"))
    assert np.isnan(columns.code("amount", None))
