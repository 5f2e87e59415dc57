"""From a frame of features to the matrix a booster reads, with category levels as they were learnt in training."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.errors import UnfitBundleError, gettext_noop

Matrix = NDArray[np.float32]
NAMED = 5  # lacking features that an error names


@dataclass(frozen=True)
class Encoding:
    """The features in matrix order, and for each category its levels; a level's code is its place in the tuple."""

    features: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]

    @property
    def category_indices(self) -> list[int]:
        """Give the columns of the matrix that hold codes, not amounts."""
        return [place for place, name in enumerate(self.features) if name in self.levels]

    def of_columns(self, places: Sequence[int]) -> Encoding:
        """Keep these columns of the matrix, in the order given."""
        features = tuple(self.features[place] for place in places)
        return Encoding(features, {name: levels for name, levels in self.levels.items() if name in features})

    def require_among(self, computed: Collection[str]) -> None:
        """Raise UnfitBundleError, naming what is lacking, unless every feature is among those computed."""
        lacking = [name for name in self.features if name not in computed]
        if lacking:
            raise UnfitBundleError(
                gettext_noop(
                    "The bundle needs {count} of its {all} features that are not computed here: {lacking}. "
                    "It was trained with another version of the feature catalogue: train a new one and promote it."
                ),
                count=len(lacking),
                all=len(self.features),
                lacking=f"{', '.join(lacking[:NAMED])}{', …' * (len(lacking) > NAMED)}",
            )

    def encode(self, frame: pl.DataFrame) -> Matrix:
        """Give the clients' matrix, n × k float32; missing, infinite and levels unseen in training are NaN.

        frame: one row a client, numbers and strings by feature name; columns no bundle feature needs are left alone.
        Raises UnfitBundleError naming the features the frame lacks.
        """
        self.require_among(frame.columns)
        matrix = np.empty((frame.height, len(self.features)), dtype=np.float32)
        for place, name in enumerate(self.features):
            matrix[:, place] = self._column(frame[name], name)
        matrix[np.isinf(matrix)] = np.nan
        return matrix

    def meaning(self, feature: str, value: float) -> str | float | None:
        """Give one encoded value as a person reads it: a level, a number, or None when missing."""
        if np.isnan(value):
            return None
        return self.levels[feature][int(value)] if feature in self.levels else float(value)

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {"features": list(self.features), "levels": {name: list(words) for name, words in self.levels.items()}}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> Encoding:
        """Read an encoding back."""
        levels = {name: tuple(words) for name, words in facts["levels"].items()}
        return cls(features=tuple(facts["features"]), levels=levels)

    def _column(self, series: pl.Series, name: str) -> Matrix:
        if name not in self.levels:
            return series.cast(pl.Float32).to_numpy()
        codes = {level: float(code) for code, level in enumerate(self.levels[name])}
        # An empty level list would give replace_strict nothing to infer a type from.
        return series.replace_strict(codes or {"": 0.0}, default=None, return_dtype=pl.Float32).to_numpy()


def learn_encoding(frame: pl.DataFrame, features: Sequence[str]) -> Encoding:
    """Learn the levels of each string column among `features`, the most frequent first, then by alphabet."""
    words = [name for name in features if frame.schema[name] == pl.String]
    return Encoding(features=tuple(features), levels={name: _levels(frame[name]) for name in words})


def _levels(series: pl.Series) -> tuple[str, ...]:
    counts = series.drop_nulls().value_counts(name="rows").sort("rows", series.name, descending=[True, False])
    return tuple(counts[series.name])
