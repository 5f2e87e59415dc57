"""The booster's settings: shallow trees, few features a tree, strong penalties; finer steps where rows allow it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelling.errors import TrainingDataError, gettext_noop
from modelling.features.feature import Lesson

MOST_ROUNDS = 3000
PATIENCE = 100
# On 41,907 real clients 60 and 100 of 868 features rank alike, chosen within folds by client.
MOST_FEATURES = 70
SCOUTING_ROUNDS = 200
SCOUTING: Mapping[str, float] = {"learning_rate": 0.03, "feature_fraction": 0.4, "bagging_fraction": 0.8}

USUAL_LESSONS = (Lesson.TERM, Lesson.LOANS)

SHAPE: Mapping[str, Any] = {
    "objective": "binary",
    "metric": "binary_logloss",
    "max_depth": 4,
    "num_leaves": 16,
    "bagging_freq": 1,
    "lambda_l1": 1.0,
    "lambda_l2": 20.0,
    # One level against the rest: sorted groups of levels fit the rare ones' noise.
    "max_cat_to_onehot": 100,
}
# By how many labelled clients there are at least: few are learnt in seconds. On 41,907 real clients, smaller steps that
# see less each and a mean of four boosters rank no better (docs/models.md).
STEPS: Mapping[int, Mapping[str, float | int]] = {
    0: {"learning_rate": 0.05, "min_data_in_leaf": 20, "feature_fraction": 0.4, "bagging_fraction": 0.8},
    10_000: {"learning_rate": 0.03, "min_data_in_leaf": 70, "feature_fraction": 0.4, "bagging_fraction": 0.8},
}
# Either wise gives the same bytes each time; by columns, the features a tree does not draw cost nothing.
SAME_BYTES: Mapping[str, Any] = {"deterministic": True, "force_col_wise": True, "verbosity": -1}


def parameters_for(rows: int, overrides: Mapping[str, float | int] | None = None, *, seed: int = 0) -> dict[str, Any]:
    """Give LightGBM's settings for so many labelled clients, with the caller's changes.

    Raises TrainingDataError for a setting that is none of ours.
    """
    chosen = {**SHAPE, **STEPS[max(least for least in STEPS if least <= rows)]}
    known = sorted(set(chosen) - {"objective", "metric"})
    unknown = sorted(set(overrides or {}) - set(known))
    if unknown:
        raise TrainingDataError(
            gettext_noop("Unknown parameter {unknown}; known are {known}."),
            unknown=", ".join(unknown),
            known=", ".join(known),
        )
    return {**chosen, **(overrides or {}), **SAME_BYTES, "seed": seed}
