"""The proxy radar: how well the features of a model, and its own score, tell what the law bars it from reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix
from modelling.learnt.trees import threads
from modelling.training.leaks import MOST_CLASSES, auc_of_rates, class_rate_auc, classes_of
from modelling.training.metrics import Floats
from modelling.training.protected import Protected

# Those a person must answer for; family status and region are seen by group only.
ATTRIBUTES = ("sex", "age")
# Of fewer clients a group cannot be told from chance.
LEAST_CLIENTS = 100
ROUNDS, FOLDS = 60, 2
SETTINGS: Mapping[str, Any] = {
    "objective": "binary",
    "num_leaves": 15,
    "learning_rate": 0.1,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "max_cat_to_onehot": 100,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}

Figures = dict[str, Any]
# Its name, whose group is known at all, and which of these belong to it.
Group = tuple[str, NDArray[np.bool_], NDArray[np.int8]]


@dataclass(frozen=True)
class Seen:
    """What the radar looks at: encoded features, n × k, the model's own probabilities, n, and the protected groups."""

    values: Matrix
    encoding: Encoding
    probability: Floats
    protected: Protected

    @property
    def score(self) -> Seen:
        """Give the probabilities in place of the features."""
        return replace(self, values=self.probability[:, None].astype(np.float32), encoding=Encoding(("score",), {}))


@dataclass(frozen=True)
class Proxy:
    """A feature that tells a protected group: with which AUC, and which group it tells best."""

    feature: str
    attribute: str
    group: str
    auc: float


def radar(seen: Seen, *, seed: int) -> Figures:
    """Give, for sex and age, the AUC of each feature alone, of the score, and of all features together.

    Of several groups the one that is told best counts. An AUC is from 0.5, told by chance, to 1, a copy; together, it
    is that of a small booster on clients it had not seen.
    """
    told = {name: list(_groups(seen.protected, name)) for name in ATTRIBUTES}
    names = enumerate(seen.encoding.features)
    return {
        "clients": len(seen.values),
        "features": [{"feature": name, **_of_column(seen, place, told)} for place, name in names],
        "score": _of_column(seen.score, 0, told),
        "together": {name: _best(_together(seen, groups, seed)) for name, groups in told.items()},
    }


def beyond(found: Mapping[str, Any], *, limit: float) -> list[Proxy]:
    """Give the features whose AUC for a protected group is above the limit, the clearest first.

    Each once: as a proxy of sex, which is barred, where it is one, else of age.
    """
    proxies = [
        Proxy(row["feature"], attribute, row[attribute]["group"], row[attribute]["auc"])
        for row in found["features"]
        for attribute in ATTRIBUTES
        if row[attribute]["auc"] > limit
    ]
    by_feature: dict[str, Proxy] = {}
    for proxy in proxies:
        by_feature.setdefault(proxy.feature, proxy)
    return sorted(by_feature.values(), key=lambda proxy: -proxy.auc)


def _of_column(seen: Seen, place: int, told: Mapping[str, list[Group]]) -> Figures:
    is_category = seen.encoding.features[place] in seen.encoding.levels
    classes = classes_of(seen.values[:, place], MOST_CLASSES, is_category=is_category)
    return {
        name: _best((group, auc_of_rates(classes[known], inside)) for group, known, inside in groups)
        for name, groups in told.items()
    }


def _groups(protected: Protected, attribute: str) -> Iterator[Group]:
    """Give each group large enough: its name, whose group is known, and which of these belong to it.

    Of two groups the first speaks for both.
    """
    groups = protected.groups[attribute]
    names, counts = np.unique(groups[groups != ""], return_counts=True)
    large = names[counts >= LEAST_CLIENTS].tolist()
    known = np.isin(groups, large)
    for name in large[:1] if len(large) == 2 else large if len(large) > 2 else []:
        yield name, known, (groups[known] == name).astype(np.int8)


def _best(found: Iterable[tuple[str, float]]) -> Figures:
    group, auc = max(found, key=lambda each: each[1], default=("", 0.5))
    return {"group": group, "auc": auc}


def _together(seen: Seen, groups: Iterable[Group], seed: int) -> Iterator[tuple[str, float]]:
    settings = {**SETTINGS, "seed": seed, "num_threads": threads(seen.values.size)}
    for group, known, inside in groups:
        guessed = _guessed(seen.values[known], seen.encoding, inside, settings)
        yield group, class_rate_auc(guessed, inside, is_category=False)


def _guessed(values: Matrix, encoding: Encoding, inside: NDArray[np.int8], settings: Mapping[str, Any]) -> Matrix:
    """Give a small booster's guess for each client, by trees grown on the other half."""
    folds = np.random.default_rng(settings["seed"]).permutation(len(values)) % FOLDS
    guessed = np.empty(len(values), dtype=np.float32)
    for fold in range(FOLDS):
        known = folds != fold
        categories = encoding.category_indices
        data = lgb.Dataset(values[known], label=inside[known], categorical_feature=categories, params=dict(settings))
        guessed[~known] = lgb.train(dict(settings), data, num_boost_round=ROUNDS).predict(values[~known])
    return guessed
