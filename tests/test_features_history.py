"""The aggregates of a client's history: exact, whatever the order, and missing where nothing is known."""

from __future__ import annotations

import math
import statistics

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelling.features.aggregates import Aggregate
from modelling.features.history import BILLIONTHS, LARGEST, History, trend

LOANS = History("bureau", subsets={"big": pl.col("amt_credit_sum") >= 100}, scales={"part": BILLIONTHS})
CENTS = st.integers(-(10**11), 10**11).map(lambda cents: cents / 100)


def taken(expression: pl.Expr, amounts: list[float | None], column: str = "amt_credit_sum") -> float | None:
    rows = pl.DataFrame({"sk_id_curr": [1] * len(amounts), column: pl.Series(amounts, dtype=pl.Float64)})
    if column != "amt_credit_sum":
        rows = rows.with_columns(amt_credit_sum=pl.lit(0.0))
    value: float | None = LOANS.plan([expression]).run(rows, pl.Series([1])).select(expression).item()
    return value


def test_tenths_add_up_exactly() -> None:
    assert taken(LOANS.total("amt_credit_sum"), [0.1] * 10) == 1.0


@pytest.mark.parametrize("amounts", [[1e9, 0.1, -1e9], [0.1, 1e9, -1e9], [1e9, -1e9, 0.1]])
def test_amounts_that_cancel_leave_the_small_one_in_any_order(amounts: list[float | None]) -> None:
    assert taken(LOANS.total("amt_credit_sum"), amounts) == 0.1


@given(amounts=st.lists(CENTS, min_size=2, max_size=30), order=st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_no_order_changes_a_deviation(amounts: list[float | None], order: object) -> None:
    mixed = list(amounts)
    order.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a random.Random

    deviation = LOANS.deviation("amt_credit_sum")

    assert taken(deviation, mixed) == taken(deviation, amounts)


@given(amounts=st.lists(CENTS, min_size=2, max_size=30))
@settings(max_examples=50, deadline=None)
def test_mean_and_deviation_are_those_of_the_textbook(amounts: list[float | None]) -> None:
    known = [amount for amount in amounts if amount is not None]

    mean, deviation = taken(LOANS.mean("amt_credit_sum"), amounts), taken(LOANS.deviation("amt_credit_sum"), amounts)

    assert mean == pytest.approx(statistics.fmean(known), rel=1e-9, abs=1e-4)
    assert deviation == pytest.approx(statistics.stdev(known), rel=1e-9, abs=1e-4)


def test_nearly_equal_amounts_keep_their_deviation() -> None:
    assert taken(LOANS.deviation("amt_credit_sum"), [1e9, 1e9 + 0.01]) == pytest.approx(0.01 / math.sqrt(2))


def test_equal_amounts_deviate_by_nothing() -> None:
    assert taken(LOANS.deviation("amt_credit_sum"), [12345.67] * 7) == 0.0


@pytest.mark.parametrize("take", [History.total, History.mean, History.least, History.greatest, History.deviation])
def test_where_nothing_is_known_an_aggregate_is_missing(take: object) -> None:
    assert taken(take(LOANS, "amt_credit_sum"), [None, None]) is None  # type: ignore[operator]  # a method of History


def test_a_deviation_needs_two_known_values() -> None:
    assert taken(LOANS.deviation("amt_credit_sum"), [3.0, None]) is None


def test_a_subset_leaves_out_the_rows_whose_condition_is_missing() -> None:
    amounts = [50.0, 100.0, 200.0, None]

    assert taken(LOANS.total("amt_credit_sum", "big"), amounts) == 300.0
    assert taken(LOANS.count("big"), amounts) == 2
    assert taken(LOANS.share("big"), amounts) == 0.5


def test_the_rows_with_a_word_and_those_without_any_are_subsets_of_their_own() -> None:
    rows = pl.DataFrame({"sk_id_curr": [1] * 4, "credit_type": ["Mortgage", "Car loan", "Mortgage", None]})
    told = {"mortgages": LOANS.share("credit_type=Mortgage"), "without": LOANS.count("credit_type=")}

    found = LOANS.plan(told.values()).run(rows, pl.Series([1])).select(**told)

    assert found.row(0) == (0.5, 1)


def test_a_share_of_no_row_is_missing_and_a_count_is_nought() -> None:
    assert taken(LOANS.share("big", within="big"), [1.0]) is None
    assert taken(LOANS.count("big"), [1.0]) == 0


def test_ratios_are_summed_in_billionths() -> None:
    assert taken(LOANS.mean("part"), [1 / 3, 2 / 3], column="part") == pytest.approx(0.5, abs=1e-9)


def test_each_aggregate_is_computed_once() -> None:
    plan = LOANS.plan([LOANS.mean("amt_credit_sum"), LOANS.mean("amt_credit_sum") / LOANS.total("amt_credit_sum")])

    assert [one.how for one in plan.aggregates] == ["mean", "total"]


def test_an_unknown_aggregate_is_named() -> None:
    with pytest.raises(ValueError, match=r"An aggregate is one of rows, word, .*; came 'median'\."):
        Aggregate("median", "amt_credit_sum", "all")


POINTS = st.lists(st.tuples(st.integers(0, 3000), st.integers(-LARGEST, LARGEST)), min_size=2, max_size=40)


def slope_of(points: list[tuple[int | None, int | None]]) -> float | None:
    ages, values = zip(*points, strict=True)
    whole = {"age": pl.Series(ages, dtype=pl.Int32), "value": pl.Series(values, dtype=pl.Int32)}
    rows = pl.DataFrame({"sk_id_curr": [1] * len(points), **whole})
    slope = LOANS.slope("delay")
    prepared = rows.with_columns(**trend("delay", pl.col("age"), pl.col("value")))
    told: float | None = LOANS.plan([slope]).run(prepared, pl.Series([1])).select(slope).item()
    return told


@given(points=POINTS, order=st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_a_slope_is_that_of_the_textbook_in_any_order(points: list[tuple[int, int]], order: object) -> None:
    mixed = list(points)
    order.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    ages, values = zip(*points, strict=True)

    told = slope_of(list(points))

    assert told == slope_of(list(mixed))
    if len(set(ages)) == 1:
        assert told is None
    else:
        textbook = statistics.linear_regression([-age for age in ages], values).slope
        assert told == pytest.approx(textbook, rel=1e-9, abs=1e-9)


def test_values_all_alike_have_a_slope_of_nought_however_large_and_many() -> None:
    assert str(slope_of([(row % 2900, LARGEST) for row in range(LARGEST)])) == "0.0"  # and not the "-0" of a page


def test_a_point_whose_age_or_value_is_missing_is_in_no_slope() -> None:
    assert slope_of([(1, 5), (2, 3), (None, 90), (7, None)]) == 2
