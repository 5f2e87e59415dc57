"""Automatic preprocessing as a scikit-learn transformer: fitted on the rows it is given, so inside each fold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from modelling.encoding import Encoding, Matrix
from modelling.training.choices import Chosen, Family, Forced
from modelling.training.recipes import NumberRecipe, Recipe, choose


class Preprocessing(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """Tell each column of encoded features so that a linear model or a forest can read it; nothing is missing after.

    recipes_: after fitting, a recipe a column. Columns that are missing together are flagged once.
    """

    recipes_: list[Recipe]

    def __init__(self, encoding: Encoding, family: Family, forced: Forced | None = None) -> None:
        self.encoding, self.family, self.forced = encoding, family, forced

    def fit(self, values: Matrix, target: Any = None) -> Preprocessing:  # noqa: ARG002 - scikit-learn passes it
        """Choose and fit each column's recipe on these rows, n × k."""
        forced = self.forced or {}
        recipes: list[Recipe] = []
        for place, name in enumerate(self.encoding.features):
            words = self.encoding.levels.get(name)
            levels = None if words is None else len(words)
            own = forced.get(name, {})
            recipes.append(choose(name, values[:, place], levels=levels, family=self.family, forced=own))
        self.recipes_ = _flagged_once(recipes, values)
        return self

    def transform(self, values: Matrix) -> Matrix:
        """Give the told columns, n × the sum of the recipes' widths, float32."""
        told = np.empty((len(values), sum(recipe.width for recipe in self.recipes_)), dtype=np.float32)
        start = 0
        for place, recipe in enumerate(self.recipes_):
            told[:, start : start + recipe.width] = recipe.apply(values[:, place])
            start += recipe.width
        return told

    def chosen(self) -> list[Chosen]:
        """Give what was chosen for each column, and why."""
        return [recipe.chosen for recipe in self.recipes_]


def _flagged_once(recipes: list[Recipe], values: Matrix) -> list[Recipe]:
    first: dict[bytes, str] = {}
    kept: list[Recipe] = []
    for place, recipe in enumerate(recipes):
        if not (isinstance(recipe, NumberRecipe) and recipe.tells_missing):
            kept.append(recipe)
            continue
        pattern = np.packbits(np.isnan(values[:, place])).tobytes()
        flagged_by = first.setdefault(pattern, recipe.chosen.column)
        is_first = flagged_by == recipe.chosen.column
        kept.append(recipe if is_first else replace(recipe, chosen=replace(recipe.chosen, flagged_by=flagged_by)))
    return kept
