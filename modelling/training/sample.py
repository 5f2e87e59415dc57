"""What trees are grown from: encoded features of some clients, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix
from modelling.learnt.cases import NOBODY, Cases

Columns = Sequence[int]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """Encoded features, n × k, and targets, n, of some clients. cases: what lessons look at, of these clients."""

    values: Matrix
    target: NDArray[np.int8]
    encoding: Encoding
    cases: Cases = NOBODY

    def beside(self, told: pl.DataFrame, columns: Columns | None = None) -> Sample:
        """Give it with what the population taught beside it, a row a client, all of it numbers.

        columns: those to keep of both, rising; all, when not given. The others are not copied on the way.
        """
        encoding = Encoding((*self.encoding.features, *told.columns), self.encoding.levels)
        wanted = range(len(encoding.features)) if columns is None else columns
        own = [column for column in wanted if column < self.values.shape[1]]
        more = [encoding.features[column] for column in wanted if column >= self.values.shape[1]]
        blocks = (self.values[:, own], Encoding(tuple(more), {}).encode(told.select(more)))
        return Sample(np.hstack(blocks) if more else blocks[0], self.target, encoding.of_columns(wanted))

    def of(self, rows: Flags) -> Sample:
        """Keep these clients."""
        return Sample(self.values[rows], self.target[rows], self.encoding)

    def of_columns(self, columns: Columns) -> Sample:
        """Keep these columns."""
        return Sample(self.values[:, list(columns)], self.target, self.encoding.of_columns(columns))

    def dataset(self, settings: Mapping[str, Any], **more: Any) -> lgb.Dataset:
        """Give it as LightGBM reads it."""
        categories = self.encoding.category_indices
        return lgb.Dataset(
            self.values, label=self.target, categorical_feature=categories, params=dict(settings), **more
        )
