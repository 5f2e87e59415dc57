"""Runs of rows: exact whatever stands around them, and the order they are put in."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelling.features.ordering import ordered
from modelling.features.runs import Numbers, Runs

ROWS = st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(-(2**49), 2**49)), max_size=40)
laws = settings(max_examples=60, deadline=None)


def known_of(rows: list[tuple[int, int | None]]) -> dict[int, list[int]]:
    by_owner = groupby(sorted(rows, key=lambda row: row[0]), key=lambda row: row[0])
    return {owner: [value for _, value in some if value is not None] for owner, some in by_owner}


def runs_of(rows: list[tuple[int, int | None]]) -> tuple[Runs, Numbers]:
    ordered_rows = sorted(rows, key=lambda row: row[0])
    runs = Runs.of(pl.Series([owner for owner, _ in ordered_rows], dtype=pl.Int64))
    return runs, Numbers.of(pl.Series([value for _, value in ordered_rows], dtype=pl.Int64))


@laws
@given(rows=ROWS)
def test_counts_sums_and_extremes_are_those_of_each_owners_rows(rows: list[tuple[int, int | None]]) -> None:
    runs, numbers = runs_of(rows)
    expected = known_of(rows)

    assert runs.owners.tolist() == list(expected)
    assert runs.known(numbers).tolist() == [len(values) for values in expected.values()]
    assert runs.total(numbers.values).tolist() == [sum(values) for values in expected.values()]
    for take, of_run in ((min, runs.least(numbers)), (max, runs.greatest(numbers))):
        told = [value for value, values in zip(of_run.tolist(), expected.values(), strict=True) if values]
        assert told == [take(values) for values in expected.values() if values]


@laws
@given(rows=ROWS)
def test_a_spread_is_right_to_the_last_digits(rows: list[tuple[int, int | None]]) -> None:
    runs, numbers = runs_of(rows)

    spread = runs.spread(numbers, runs.total(numbers.values), runs.known(numbers))

    for found, values in zip(spread.tolist(), known_of(rows).values(), strict=True):
        exact = (len(values) * sum(v * v for v in values) - sum(values) ** 2) / max(len(values), 1)
        assert found == pytest.approx(exact, rel=1e-12)


@laws
@given(rows=ROWS, seed=st.integers(0, 99))
def test_runs_within_flags_are_those_of_the_flagged_rows(rows: list[tuple[int, int | None]], seed: int) -> None:
    owners = pl.Series(sorted(owner for owner, _ in rows), dtype=pl.Int64)
    flags = np.random.default_rng(seed).random(len(owners)) < 0.5

    within, expected = Runs.of(owners).within(flags), Runs.of(owners.filter(pl.Series(flags, dtype=pl.Boolean)))

    assert within.owners.tolist() == expected.owners.tolist()
    assert within.starts.tolist() == expected.starts.tolist()
    assert within.height == expected.height


@pytest.mark.parametrize("far", [0, 2**40])
def test_rows_are_put_in_one_order_whether_or_not_their_keys_fit_into_one_number(far: int) -> None:
    rows = pl.DataFrame({"a": [2, 1, 1, None], "b": [0, far, None, far]}, schema={"a": pl.Int64, "b": pl.Int64})
    wide = rows.with_columns(c=pl.Series([-far, far, 0, 0], dtype=pl.Int64))

    assert ordered(wide, "a", "b", "c").select("a", "b").rows() == [(None, far), (1, None), (1, far), (2, 0)]
