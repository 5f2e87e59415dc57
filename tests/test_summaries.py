from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from modelling.summaries import BARS, bars_of, count_levels, most_frequent, summarise

NAN = float("nan")


def floats(*values: float) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def test_figures_of_a_hand_computed_case() -> None:
    summary = summarise(floats(2, 4, 4, 4, 5, 5, 7, 9, NAN))

    assert (summary.clients, summary.missing) == (9, 1)
    assert (summary.mean, summary.deviation) == (5, 2)
    assert summary.quantiles is not None
    assert summary.quantiles[1:4] == (4, 4.5, 5.5)


def test_without_a_value_there_are_no_figures() -> None:
    summary = summarise(floats(NAN, NAN))

    assert (summary.clients, summary.missing, summary.mean, summary.quantiles) == (2, 2, None, None)


def test_levels_are_counted_the_missing_last() -> None:
    assert count_levels(floats(0, 2, 2, NAN), 3) == (1, 0, 2, 1)


def test_the_most_frequent_levels_come_first_and_those_nobody_has_never() -> None:
    assert most_frequent((3, 0, 9, 3), 3) == (2, 0, 3)
    assert most_frequent((0, 1), 5) == (1,)


def test_every_known_value_stands_in_one_bar_however_far_out() -> None:
    draw = np.random.default_rng(0)
    values = np.append(draw.lognormal(10, 1, 10_000), [1e9, np.nan]).astype(np.float32)

    bars = bars_of(values)

    assert len(bars.counts) == BARS
    assert sum(bars.counts) == 10_001
    assert bars.edges[-1] < 1e6


@pytest.mark.parametrize("value", [-5.0, 0.0, 3.3, 50.0, 99.0, 1e6])
def test_a_value_stands_in_the_bar_that_counts_it(value: float) -> None:
    values = np.linspace(0, 100, 10_000).astype(np.float32)
    before, after = bars_of(values), bars_of(np.append(values, np.float32(50)))
    assert sum(after.counts) == sum(before.counts) + 1

    place = before.place(value)

    assert place is not None
    if before.edges[0] <= value < before.edges[-1]:
        assert before.edges[place] <= value < before.edges[place + 1]
    else:
        assert place in {0, BARS - 1}


def test_few_different_values_have_a_bar_each() -> None:
    bars = bars_of(floats(0, 1, 1, 3, NAN))

    assert bars.are_values
    assert (bars.edges, bars.counts) == ((0, 1, 3), (1, 2, 1))
    assert (bars.place(3), bars.place(2), bars.place(NAN)) == (2, None, None)


def test_without_a_value_there_is_no_bar() -> None:
    assert bars_of(floats(NAN)).counts == ()
    assert bars_of(floats(NAN)).place(1) is None
