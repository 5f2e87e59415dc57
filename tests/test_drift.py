from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from modelling.drift import STRONG, Method, expected_auc, score_index, shifts, stability_index
from modelling.encoding import Encoding, learn_encoding
from modelling.errors import DriftError
from modelling.features.build import build_features
from modelling.population import probability_histogram
from modelling.reading import read_folder
from modelling.training.metrics import Outcomes, auc


def test_equal_shares_have_no_index() -> None:
    assert stability_index([0.2, 0.3, 0.5], [0.2, 0.3, 0.5]) == 0


def test_the_index_is_siddiqis() -> None:
    by_hand = (0.6 - 0.5) * np.log(0.6 / 0.5) + (0.4 - 0.5) * np.log(0.4 / 0.5)

    assert stability_index([0.5, 0.5], [0.6, 0.4]) == pytest.approx(by_hand)


def test_an_empty_bin_counts_as_a_ten_thousandth() -> None:
    assert stability_index([0.5, 0.5], [1.0, 0.0]) == pytest.approx(stability_index([0.5, 0.5], [1.0, 1e-4]))


def test_different_bins_are_not_compared() -> None:
    with pytest.raises(DriftError, match="came 2 and 3"):
        stability_index([0.5, 0.5], [0.2, 0.3, 0.5])


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_index_is_never_negative_and_the_same_both_ways(weights: list[float], draw: np.random.Generator) -> None:
    then = np.array(weights) / sum(weights)
    now = then.copy()
    draw.shuffle(now)

    assert stability_index(then, now) >= 0
    assert stability_index(then, now) == pytest.approx(stability_index(now, then))


def frame_of(clients: int, *, seed: int, shift: float = 0.0, missing: float = 0.2, rare: float = 0.1) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    amount = pl.Series("amount", draw.normal(shift, 1, clients))
    is_missing = pl.Series(draw.uniform(size=clients) < missing)
    word = pl.Series("word", draw.choice(["a", "b", "c"], clients, p=[0.6, 0.4 - rare, rare]))
    steady = pl.Series("steady", draw.integers(0, 4, clients))
    frame = pl.DataFrame([amount, word, steady])
    return frame.with_columns(amount=pl.when(is_missing).then(None).otherwise(pl.col("amount")))


@pytest.fixture
def then() -> pl.DataFrame:
    return frame_of(4_000, seed=1)


@pytest.fixture
def encoding(then: pl.DataFrame) -> Encoding:
    return learn_encoding(then, ["amount", "word", "steady"])


def test_a_population_that_did_not_move_shows_no_drift(then: pl.DataFrame, encoding: Encoding) -> None:
    found = shifts(then, frame_of(4_000, seed=2), encoding)

    assert max(shift.psi for shift in found) < 0.02
    assert min(shift.p_value for shift in found) > 1e-3


def test_the_feature_that_moved_comes_first_with_scipys_own_figures(then: pl.DataFrame, encoding: Encoding) -> None:
    now = frame_of(4_000, seed=2, shift=1.0)

    first = shifts(then, now, encoding)[0]

    theirs = stats.ks_2samp(then["amount"].drop_nulls(), now["amount"].drop_nulls())
    assert (first.feature, first.method) == ("amount", Method.KS)
    assert first.psi > STRONG
    assert first.statistic == pytest.approx(theirs.statistic)
    assert sum(first.then) == pytest.approx(1)
    assert sum(first.now) == pytest.approx(1)
    assert first.now[-1] == pytest.approx(first.missing_now)
    assert first.missing_now == pytest.approx(0.2, abs=0.02)


def test_a_category_is_compared_by_chi_squared(then: pl.DataFrame, encoding: Encoding) -> None:
    now = frame_of(4_000, seed=2, rare=0.3)

    first = shifts(then, now, encoding)[0]

    counts = [[series.eq(word).sum() for word in ("a", "b", "c")] for series in (then["word"], now["word"])]
    assert (first.feature, first.method, first.levels) == ("word", Method.CHI2, ("a", "b", "c", ""))
    assert first.p_value == pytest.approx(stats.chi2_contingency(counts).pvalue)
    assert first.statistic == pytest.approx(stats.contingency.association(np.array(counts)))


def test_values_that_are_there_at_last_are_drift_too(then: pl.DataFrame, encoding: Encoding) -> None:
    (amount,) = (s for s in shifts(then, frame_of(4_000, seed=2, missing=0.0), encoding) if s.feature == "amount")

    assert amount.psi > STRONG
    assert amount.missing_now == 0
    assert amount.missing_then == pytest.approx(0.2, abs=0.02)


def test_what_training_never_saw_is_counted(then: pl.DataFrame, encoding: Encoding) -> None:
    now = pl.DataFrame({"amount": [99.0, 0.0, None, 0.0], "word": ["a", "z", None, "y"], "steady": [1, 1, 2, 9]})

    unseen = {shift.feature: shift.unseen_share for shift in shifts(then, now, encoding)}

    assert unseen == {"amount": 0.25, "word": 0.5, "steady": 0.25}


@pytest.mark.parametrize("column", [[None] * 3, [1.0] * 3, [0.0, 1.0, None]])
def test_columns_without_spread_or_values_are_compared_all_the_same(column: list[float | None]) -> None:
    then = pl.DataFrame({"x": pl.Series(column, dtype=pl.Float64)})
    encoding = Encoding(("x",), {})

    for now in ([None, None], [1.0, 2.0], [0.0, None]):
        (found,) = shifts(then, pl.DataFrame({"x": pl.Series(now, dtype=pl.Float64)}), encoding)
        assert np.isfinite([found.psi, found.statistic, found.p_value, *found.then, *found.now]).all()


def test_one_client_on_each_side_tells_nothing() -> None:
    then, now = pl.DataFrame({"x": [1.0, None]}), pl.DataFrame({"x": [5.0, None]})

    (found,) = shifts(then, now, learn_encoding(then, ["x"]))

    assert (found.statistic, found.p_value) == (0.0, 1.0)


def test_nobody_cannot_be_compared(then: pl.DataFrame, encoding: Encoding) -> None:
    with pytest.raises(DriftError, match="0 of now"):
        shifts(then, then.head(0), encoding)


def test_the_scores_index_is_zero_on_the_same_scores_and_rises_as_they_move() -> None:
    draw = np.random.default_rng(3)
    before = draw.beta(1, 11, 20_000)
    histogram = probability_histogram(before)

    assert score_index(histogram, before) == 0
    assert score_index(histogram, draw.beta(1, 11, 20_000)) < 0.01
    assert score_index(histogram, draw.beta(2, 11, 20_000)) > 0.1


def test_the_auc_to_expect_is_the_mean_over_the_outcomes_that_may_come() -> None:
    draw = np.random.default_rng(4)
    probability = np.round(draw.beta(1, 6, 400), 2) + 0.005  # with ties

    outcomes = [(draw.uniform(size=400) < probability).astype(np.int8) for _ in range(300)]
    seen = [float(auc(found, found.unit_weights)[0]) for found in (Outcomes.of(probability, each) for each in outcomes)]

    assert expected_auc(probability) == pytest.approx(np.mean(seen), abs=0.01)


def test_nothing_is_expected_of_nobody() -> None:
    assert np.isnan(expected_auc(np.empty(0)))


@pytest.mark.real_rows
@pytest.mark.slow
@pytest.mark.skipif("HOME_CREDIT_DIR" not in os.environ, reason="HOME_CREDIT_DIR is not set")
def test_on_real_rows_the_months_of_bureau_credits_stand_out() -> None:
    """Of labelled clients 36 % of the bureau credits have monthly rows, of the others 99.9 %, says the rows' README."""
    folder = Path(os.environ["HOME_CREDIT_DIR"])
    tables = read_folder(folder).tables
    complete = pl.read_csv(folder / "linked_clients.csv.gz").select(sk_id_curr="SK_ID_CURR")
    known = tables.application.join(complete, on="sk_id_curr", how="semi")
    known = known.join(tables.bureau, on="sk_id_curr", how="semi")
    then, now = (
        build_features(tables.of_clients(known.filter(half)["sk_id_curr"]))
        for half in (pl.col("target").is_not_null(), pl.col("target").is_null())
    )

    found = shifts(then, now, learn_encoding(then, [name for name in then.columns if name != "sk_id_curr"]))

    first = found[:5]
    assert all(shift.feature.startswith(("bureau_record_months", "bureau_status_")) for shift in first)
    assert all(shift.psi > STRONG and shift.missing_now < 0.01 for shift in first)
    assert first[0].missing_then == pytest.approx(0.64, abs=0.02)
