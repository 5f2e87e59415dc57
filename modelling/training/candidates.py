"""The kinds of model that are compared, each as a function from training rows to a prediction of log-odds.

Boosters find their number of trees on a tenth of the rows they are given; the others have none to find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from modelling.encoding import Encoding, Matrix
from modelling.training.choices import Chosen, Family, Forced
from modelling.training.folds import assign_folds
from modelling.training.metrics import LEAST_PROBABILITY, Floats
from modelling.training.parameters import MOST_ROUNDS, PATIENCE, parameters_for

Target = NDArray[np.int8]
INNER_FOLDS = 10


@dataclass(frozen=True)
class Setting:
    """What a candidate is told besides the rows. threads: it may take; forced: choices for single columns."""

    encoding: Encoding
    seed: int = 0
    threads: int = 1
    forced: Forced = field(default_factory=dict)


@dataclass(frozen=True)
class Fitted:
    """A candidate after fitting. log_odds: of encoded values, n × k, gives n, not calibrated.

    chosen: by the preprocessing, where there is any. trees: where their number was found.
    """

    log_odds: Callable[[Matrix], Floats]
    chosen: tuple[Chosen, ...] = ()
    trees: int = 0


Candidate = Callable[[Matrix, Target, Setting], Fitted]


def dummy(values: Matrix, target: Target, setting: Setting) -> Fitted:  # noqa: ARG001 - it looks at nothing
    """Predict the rate of the training rows for everyone: what any model must beat."""
    rate = float(logit(target.mean()))
    return Fitted(lambda rows: np.full(len(rows), rate))


def logistic_regression(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Fit a logistic regression with a ridge penalty on preprocessed columns."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a candidate loads its own library alone

    # Newton's steps end exactly where a few hundred gradient steps only come near.
    return _pipeline(LogisticRegression(C=0.01, solver="newton-cholesky"), Family.LINEAR, values, target, setting)


def random_forest(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Fit a random forest on preprocessed columns."""
    from sklearn.ensemble import RandomForestClassifier  # noqa: PLC0415 - as above

    forest = RandomForestClassifier(
        n_estimators=300, min_samples_leaf=20, max_features="sqrt", random_state=setting.seed, n_jobs=setting.threads
    )
    return _pipeline(forest, Family.FOREST, values, target, setting)


def gradient_boosting(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Fit scikit-learn's histogram gradient boosting, which reads missing values and categories as they are."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - as above

    shape = parameters_for(len(target))
    booster = HistGradientBoostingClassifier(
        learning_rate=shape["learning_rate"],
        max_iter=MOST_ROUNDS,
        max_leaf_nodes=shape["num_leaves"],
        max_depth=shape["max_depth"],
        min_samples_leaf=shape["min_data_in_leaf"],
        l2_regularization=shape["lambda_l2"],
        max_features=shape["feature_fraction"],
        categorical_features=setting.encoding.category_indices,
        early_stopping=True,
        validation_fraction=1 / INNER_FOLDS,
        n_iter_no_change=PATIENCE,
        random_state=setting.seed,
    )
    booster.fit(values, target)
    return Fitted(lambda rows: np.asarray(booster.decision_function(rows), dtype=np.float64))


def xgboost(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Fit XGBoost with the champion's shape of trees, categories by their codes."""
    from xgboost import XGBClassifier  # noqa: PLC0415 - as above

    shape, inner = parameters_for(len(target)), inner_held_out(target, setting.seed)
    kinds = ["c" if name in setting.encoding.levels else "q" for name in setting.encoding.features]
    booster = XGBClassifier(
        n_estimators=MOST_ROUNDS,
        early_stopping_rounds=PATIENCE,
        learning_rate=shape["learning_rate"],
        max_depth=shape["max_depth"],
        colsample_bytree=shape["feature_fraction"],
        subsample=shape["bagging_fraction"],
        reg_alpha=shape["lambda_l1"],
        reg_lambda=shape["lambda_l2"],
        tree_method="hist",
        feature_types=kinds,
        enable_categorical=True,
        eval_metric="logloss",
        random_state=setting.seed,
        n_jobs=setting.threads,
    )
    booster.fit(values[~inner], target[~inner], eval_set=[(values[inner], target[inner])], verbose=False)
    return Fitted(lambda rows: np.asarray(booster.predict(rows, output_margin=True), dtype=np.float64))


def lightgbm(values: Matrix, target: Target, setting: Setting) -> Fitted:
    """Fit LightGBM with the champion's settings."""
    inner = inner_held_out(target, setting.seed)
    settings = {**parameters_for(len(target), seed=setting.seed), "num_threads": setting.threads}
    rows = Rows(values, target)
    return grown(rows.of(~inner), rows.of(inner), settings, categories=setting.encoding.category_indices)


@dataclass(frozen=True)
class Rows:
    """Some clients: n × k values and n targets."""

    values: Matrix
    target: Target

    def of(self, chosen: NDArray[np.bool_]) -> Rows:
        """Keep these clients."""
        return Rows(self.values[chosen], self.target[chosen])


def grown(known: Rows, inner: Rows, settings: Mapping[str, Any], *, categories: Sequence[int] = ()) -> Fitted:
    """Grow LightGBM's trees on `known` until they get no better on `inner`."""
    import lightgbm as lgb  # noqa: PLC0415 - as above

    data = lgb.Dataset(known.values, known.target, categorical_feature=list(categories), params=dict(settings))
    held_out = data.create_valid(inner.values, inner.target)
    stop = lgb.early_stopping(PATIENCE, verbose=False)
    booster = lgb.train(dict(settings), data, MOST_ROUNDS, valid_sets=[held_out], callbacks=[stop])
    return of_booster(booster)


def of_booster(booster: Any) -> Fitted:
    """Give what LightGBM's trees predict, as far as they were found to be good."""
    return Fitted(
        log_odds=lambda rows: np.asarray(booster.predict(rows, raw_score=True), dtype=np.float64),
        trees=booster.best_iteration,
    )


CANDIDATES: Mapping[str, Candidate] = {
    "dummy": dummy,
    "logistic_regression": logistic_regression,
    "random_forest": random_forest,
    "gradient_boosting": gradient_boosting,
    "xgboost": xgboost,
    "lightgbm": lightgbm,
}


def inner_held_out(target: Target, seed: int) -> NDArray[np.bool_]:
    """Give which training rows a booster stops on: a tenth, with its share of defaults."""
    rarest = int(min(target.sum(), len(target) - target.sum()))
    return np.asarray(assign_folds(target, folds=max(2, min(INNER_FOLDS, rarest)), seed=seed) == 0)


def _pipeline(model: Any, family: Family, values: Matrix, target: Target, setting: Setting) -> Fitted:
    from sklearn.pipeline import Pipeline  # noqa: PLC0415 - as above

    from modelling.training.preprocessing import Preprocessing  # noqa: PLC0415 - as above

    preprocessing = Preprocessing(setting.encoding, family, setting.forced)
    pipeline = Pipeline([("preprocessing", preprocessing), ("model", model)]).fit(values, target)

    def log_odds(rows: Matrix) -> Floats:
        probability = np.asarray(pipeline.predict_proba(rows)[:, 1], dtype=np.float64)
        return np.asarray(logit(np.clip(probability, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)))

    return Fitted(log_odds, tuple(preprocessing.chosen()))
