from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
from numpy.typing import NDArray

from modelling.errors import DeepTreesError
from modelling.patterns import BLOCK_ROWS, PatternTables

Floats = NDArray[np.float32]
SHALLOW: dict[str, Any] = {"max_depth": 4, "num_leaves": 16, "max_cat_to_onehot": 100}


def made_up_values(clients: int, *, seed: int) -> Floats:
    """Give numbers, some missing; in columns 3 and 4 codes of categories, in 5 few distinct numbers."""
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(clients, 6))
    values[draw.uniform(size=clients) < 0.2, 0] = np.nan
    values[:, 3], values[:, 4] = draw.integers(0, 40, clients), draw.integers(0, 3, clients)
    values[draw.uniform(size=clients) < 0.1, 4] = np.nan
    values[:, 5] = draw.integers(-2, 3, clients)
    return values.astype(np.float32)


def booster_on(values: Floats, shape: Mapping[str, Any], *, rounds: int = 30) -> lgb.Booster:
    draw = np.random.default_rng(1)
    log_odds = np.nan_to_num(values[:, 0]) + values[:, 1] * (values[:, 3] % 5 == 2) + np.nan_to_num(values[:, 4]) - 1
    target = draw.uniform(size=len(values)) < 1 / (1 + np.exp(-log_odds))
    rows = lgb.Dataset(values, label=target, categorical_feature=[3, 4], params={"verbosity": -1})
    parameters = {"objective": "binary", "min_data_in_leaf": 5, "verbosity": -1, "num_threads": 1, **shape}
    return lgb.train(parameters, rows, num_boost_round=rounds)


@pytest.mark.parametrize(
    "shape",
    [
        SHALLOW,
        SHALLOW | {"max_cat_to_onehot": 1, "min_data_per_group": 10},
        SHALLOW | {"max_depth": 7, "num_leaves": 40},
        SHALLOW | {"max_depth": 1, "num_leaves": 2},
        SHALLOW | {"use_missing": False},
        SHALLOW | {"extra_trees": True, "lambda_l1": 1.0},
    ],
    ids=["shallow", "sets of categories", "deeper", "stumps", "missing read as zero", "random thresholds"],
)
def test_contributions_are_lightgbms_own(shape: Mapping[str, Any]) -> None:
    booster = booster_on(made_up_values(3_000, seed=2), shape)
    others = made_up_values(500, seed=3)
    others[:5, 3] = 77  # a category that training never saw

    found = PatternTables.of(booster.model_to_string()).contributions(others)

    np.testing.assert_allclose(found, booster.predict(others, pred_contrib=True), atol=1e-9)


def test_a_value_on_a_threshold_goes_where_lightgbm_sends_it() -> None:
    booster = booster_on(made_up_values(3_000, seed=2), SHALLOW)
    splits = booster.trees_to_dataframe().query("decision_type == '<='")
    splits = splits[splits["threshold"].astype(float).abs() > 1e-30]  # closer to zero LightGBM reads zero
    on_threshold = made_up_values(len(splits), seed=4)
    for row, (feature, threshold) in enumerate(zip(splits["split_feature"], splits["threshold"], strict=True)):
        near = np.float32(float(threshold))
        on_threshold[row, int(feature.removeprefix("Column_"))] = near if row % 2 else np.nextafter(near, np.float32(9))

    found = PatternTables.of(booster.model_to_string()).contributions(on_threshold)

    np.testing.assert_allclose(found, booster.predict(on_threshold, pred_contrib=True), atol=1e-9)


def test_blocks_make_no_difference() -> None:
    values = made_up_values(BLOCK_ROWS + 3, seed=5)
    tables = PatternTables.of(booster_on(values[:2_000], SHALLOW, rounds=3).model_to_string())

    together = tables.contributions(values)

    assert (together[-5:] == tables.contributions(values[-5:])).all()


def test_a_booster_that_learnt_nothing_says_the_base_alone() -> None:
    values = made_up_values(50, seed=6)
    booster = booster_on(values, {"min_data_in_leaf": 40}, rounds=2)

    found = PatternTables.of(booster.model_to_string()).contributions(values)

    np.testing.assert_allclose(found, booster.predict(values, pred_contrib=True), atol=1e-12)


def test_trees_too_deep_for_tables_are_refused_with_the_depth() -> None:
    booster = booster_on(made_up_values(3_000, seed=2), {"max_depth": 12, "num_leaves": 200})

    with pytest.raises(DeepTreesError, match=r"below \d+ splits; a pattern holds 8 at most"):
        PatternTables.of(booster.model_to_string())
