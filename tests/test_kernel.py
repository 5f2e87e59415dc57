"""The compiled loops against plain Python: exact counts, sums and extremes of each run, whatever stands around it."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelling.features import kernel
from modelling.features.runs import Whole

CENTS = 100
# What is taken of a run, in the order of the result's rows; of its numbers in hundredths.
COUNT, FIRST, KNOWN, TOTAL, MEAN, LEAST, GREATEST, DEVIATION = range(8)
LOOK_AT_ROWS = [[0, COUNT, FIRST, *[kernel.NOWHERE] * 4]]
LOOK_AT_NUMBERS = [[0, KNOWN, TOTAL, MEAN, LEAST, GREATEST, DEVIATION]]

Row = tuple[int | None, bool]  # a number, and whether the row is in the subset
VALUES = st.none() | st.integers(-(10**12), 10**12)
RUNS = st.lists(st.lists(st.tuples(VALUES, st.booleans()), min_size=1, max_size=40), max_size=8)
laws = settings(max_examples=60, deadline=None)


def bounds(runs: Sequence[Sequence[object]]) -> Whole:
    ends = np.cumsum([0, *map(len, runs)])
    return np.column_stack([ends[:-1], ends[1:], np.arange(len(runs))])


def taken(runs: list[list[Row]]) -> list[list[float]]:
    rows = [row for run in runs for row in run]
    values = np.array([math.nan if value is None else value / CENTS for value, _ in rows], np.float64)
    inside = np.array([inside for _, inside in rows], np.bool_).reshape(1, -1)
    result = np.full((8, len(runs)), math.nan)
    kernel.look_at_rows(bounds(runs), inside, np.array(LOOK_AT_ROWS), result)
    kernel.look_at_numbers(bounds(runs), values, CENTS, inside, np.array(LOOK_AT_NUMBERS), result)
    return [list(column) for column in result.T.tolist()]


def deviation_of(values: list[int]) -> float:
    mean = Fraction(sum(values), len(values))
    return math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1)) / CENTS


@laws
@given(runs=RUNS)
def test_each_run_gets_what_plain_python_makes_of_its_rows(runs: list[list[Row]]) -> None:
    before = 0
    for run, found in zip(runs, taken(runs), strict=True):
        flags, known = [inside for _, inside in run], [value for value, inside in run if inside and value is not None]

        assert found[COUNT] == sum(flags)
        assert found[KNOWN] == len(known)
        if any(flags):
            assert found[FIRST] == before + flags.index(True)
        if known:
            assert found[TOTAL:LEAST] == [sum(known) / CENTS, sum(known) / (len(known) * CENTS)]
            assert found[LEAST:DEVIATION] == [min(known) / CENTS, max(known) / CENTS]
        if len(known) > 1:
            assert found[DEVIATION] == pytest.approx(deviation_of(known), rel=1e-12, abs=1e-12)
        before += len(run)


@laws
@given(runs=RUNS, seed=st.integers(0, 2**32))
def test_no_order_of_a_runs_rows_changes_a_bit(runs: list[list[Row]], seed: int) -> None:
    mixed = [random.Random(seed).sample(run, len(run)) for run in runs]

    for one, other in zip(taken(mixed), taken(runs), strict=True):
        one[FIRST] = other[FIRST]
        assert np.array_equal(one, other, equal_nan=True)


def test_what_a_run_cannot_tell_is_left_as_it_was() -> None:
    (found,) = taken([[(None, True), (5, False)]])

    assert found[:TOTAL] == [1, 0, 0]
    assert all(map(math.isnan, found[TOTAL:]))


def test_a_deviation_takes_two_known_numbers() -> None:
    (found,) = taken([[(5, True), (None, True)]])

    assert found[TOTAL] == 0.05
    assert math.isnan(found[DEVIATION])


def test_numbers_beyond_the_limit_are_cut_off_so_that_sums_stay_exact() -> None:
    (found,) = taken([[(10**30, True)] * 8192])

    assert found[TOTAL] == 8192 * kernel.LIMIT / CENTS
    assert found[DEVIATION] == 0


def test_only_what_is_wanted_is_written() -> None:
    nothing = np.array([[0, *[kernel.NOWHERE] * 6]])
    runs, inside = bounds([[1], [1]]), np.ones((1, 2), np.bool_)
    result = np.full((1, 2), 7.0)

    kernel.look_at_rows(runs, inside, nothing, result)
    kernel.look_at_numbers(runs, np.ones(2), 1, inside, nothing, result)

    assert result.tolist() == [[7.0, 7.0]]


@laws
@given(runs=st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=9), max_size=5))
def test_rows_are_counted_by_their_code(runs: list[list[int]]) -> None:
    counts = np.zeros((4, len(runs)))
    codes = np.array([code for run in runs for code in run], np.uint8)

    kernel.count_codes(bounds(runs), codes, counts)

    assert counts.T.tolist() == [[run.count(code) for code in range(4)] for run in runs]


MONTHS = st.none() | st.integers(-40, 0)


@laws
@given(runs=st.lists(st.lists(st.tuples(st.integers(0, 2), MONTHS), min_size=1, max_size=9), max_size=5))
def test_months_are_counted_by_status_and_late_ones_by_age(runs: list[list[tuple[int, int | None]]]) -> None:
    rows = [row for run in runs for row in run]
    statuses = np.array([status for status, _ in rows], np.uint8)
    months = np.array([kernel.MISSING_MONTH if month is None else month for _, month in rows], np.int32)
    is_late, spans = np.array([0, 1, 1], np.uint8), np.array([-6, -12], np.int32)
    result = np.full((8, len(runs)), -1.0)

    kernel.look_at_months(bounds(runs), statuses, months, is_late, spans, result)

    for run, found in zip(runs, result.T.tolist(), strict=True):
        known = [month for _, month in run if month is not None]
        late = [month for status, month in run if status and month is not None]
        counts = [sum(status == code for status, _ in run) for code in range(3)]
        within = [sum(month >= -6 for month in late), sum(month >= -12 for month in late)]
        ends = [min(known), max(known)] if known else [-1, -1]
        assert found == [*counts, *within, *ends, len(run)]
