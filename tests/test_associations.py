from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from modelling.associations import boxes_of, contingency_of, density_of, table_of, trend_of, variance_of

NAN = float("nan")


def floats(*values: float) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def test_r_of_a_hand_computed_case_is_r_and_not_its_square() -> None:
    # Means 3 and 4; products of deviations sum to 6, squares to 10 and 6: r = 6 / √60 = 0.774597, r² = 0.6.
    trend = trend_of(floats(1, 2, 3, 4, 5), floats(2, 4, 5, 4, 5))

    assert trend is not None
    assert trend.r == pytest.approx(6 / math.sqrt(60))
    assert trend.slope == pytest.approx(0.6)
    assert trend.intercept == pytest.approx(2.2)


def test_a_falling_line_has_a_negative_r() -> None:
    trend = trend_of(floats(1, 2, 3, 4), floats(8, 6, 4, 2))

    assert trend is not None
    assert trend.r == pytest.approx(-1)


def test_the_interval_of_r_is_fishers() -> None:
    # Fisher: z = atanh(0.774597) = 1.031720 ± 1.959964 / √(5 - 3); tanh of -0.354184 and 2.417624.
    trend = trend_of(floats(1, 2, 3, 4, 5), floats(2, 4, 5, 4, 5))

    assert trend is not None
    assert (trend.low, trend.high) == pytest.approx((math.tanh(-0.354184), math.tanh(2.417624)), abs=1e-5)


def test_a_client_who_lacks_one_of_the_two_does_not_count() -> None:
    trend = trend_of(floats(1, 2, NAN, 3, 4, 5, 9), floats(2, 4, 100, 5, 4, 5, NAN))

    assert trend is not None
    assert trend.clients == 5
    assert trend.r == pytest.approx(6 / math.sqrt(60))


@pytest.mark.parametrize(
    ("x", "y"),
    [(floats(1, 2, 3), floats(1, 2, 3)), (floats(1, 1, 1, 1), floats(1, 2, 3, 4)), (floats(NAN), floats(NAN))],
)
def test_too_few_or_unvarying_values_have_no_trend(x: NDArray[np.float32], y: NDArray[np.float32]) -> None:
    assert trend_of(x, y) is None


def test_f_and_eta_squared_of_a_hand_computed_case() -> None:
    # Groups 1 2 3, 2 3 4, 6 7 8: means 2, 3, 7 around 4. Between: 3 · (4 + 1 + 9) = 42, within: 6, total 48.
    # F = (42 / 2) / (6 / 6) = 21; η² = 42 / 48 = 0.875.
    values, codes = floats(1, 2, 3, 2, 3, 4, 6, 7, 8), floats(0, 0, 0, 1, 1, 1, 2, 2, 2)

    found = variance_of(values, codes, 3)

    assert found is not None
    assert found.f == pytest.approx(21)
    assert found.eta_squared == pytest.approx(0.875)
    assert found.p == pytest.approx(0.001953125)  # (1 + 2 · 21 / 6) ** -3, exact for 2 and 6 degrees of freedom


def test_a_level_without_a_value_is_no_group() -> None:
    values, codes = floats(1, 2, 3, NAN, 6, 7, 8), floats(0, 0, 0, 1, 2, 2, 2)

    found = variance_of(values, codes, 3)

    assert found is not None
    assert found.eta_squared == pytest.approx(37.5 / 41.5)


def test_one_level_alone_has_no_analysis_of_variance() -> None:
    assert variance_of(floats(1, 2, 3), floats(0, 0, 0), 2) is None
    assert variance_of(floats(2, 2, 2), floats(0, 1, 1), 2) is None


def test_levels_that_tell_the_number_whole_have_an_eta_squared_of_1() -> None:
    found = variance_of(floats(1, 1, 2, 2), floats(0, 0, 1, 1), 2)

    assert found is not None
    assert (found.f, found.eta_squared) == (math.inf, 1.0)


def test_chi_squared_and_cramers_v_of_a_hand_computed_case() -> None:
    # 30 10 / 10 30: expected 20 everywhere, χ² = 4 · 100 / 20 = 20, V = √(20 / 80) = 0.5.
    found = contingency_of(np.array([[30, 10], [10, 30]]))

    assert found is not None
    assert found.chi_squared == pytest.approx(20)
    assert found.degrees == 1
    assert found.cramers_v == pytest.approx(0.5)


def test_levels_nobody_has_do_not_change_cramers_v() -> None:
    found = contingency_of(np.array([[30, 10, 0], [0, 0, 0], [10, 30, 0]]))

    assert found is not None
    assert (found.chi_squared, found.cramers_v, found.degrees) == pytest.approx((20, 0.5, 1))


@pytest.mark.parametrize("counts", [[[5, 5]], [[5, 0], [3, 0]], [[0, 0], [0, 0]]])
def test_a_table_with_one_level_has_no_chi_squared(counts: list[list[int]]) -> None:
    assert contingency_of(np.array(counts)) is None


def test_pairs_of_levels_are_counted_and_whoever_lacks_one_is_not() -> None:
    counts = table_of(floats(0, 0, 1, 1, NAN), floats(2, 2, 0, NAN, 1), (2, 3))

    assert counts.tolist() == [[0, 0, 2], [1, 0, 0]]


def test_every_client_with_both_numbers_stands_in_one_cell() -> None:
    draw = np.random.default_rng(2)
    x, y = draw.normal(size=5_000).astype(np.float32), draw.exponential(size=5_000).astype(np.float32)
    x[:100] = np.nan

    density = density_of(x, y, columns=20, rows=10)

    assert density is not None
    assert density.counts.shape == (10, 20)
    assert density.counts.sum() == 4_900
    assert (len(density.x_edges), len(density.y_edges)) == (21, 11)


def test_a_client_stands_in_the_cell_of_his_own_values() -> None:
    x, y = floats(*range(100)), floats(*([0.0] * 99 + [1.0]))

    density = density_of(x, y, columns=2, rows=2)

    assert density is not None
    assert density.counts.tolist() == [[50, 49], [0, 1]]


def test_one_value_alone_still_has_cells() -> None:
    density = density_of(floats(3, 3), floats(4, 4), columns=2, rows=2)

    assert density is not None
    assert density.counts.sum() == 2


def test_boxes_hold_the_values_of_their_level_alone() -> None:
    first, second = boxes_of(floats(1, 2, 3, 10, 20, NAN), floats(0, 0, 0, 1, 1, 1), 2)

    assert (first.mean, second.mean) == (2, 15)
    assert (second.clients, second.missing) == (3, 1)
