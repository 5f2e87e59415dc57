"""Medians among clients who share an occupation, an education, a sector or a kind of loan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from modelling.features.lessons import COMPARED, GROUPS, Group, median_of
from modelling.learnt.cases import Cases, Floats, Known

LEAST_CLIENTS = 30  # with a known value; the median of fewer is mostly chance
Medians = Mapping[str, float | None]


@dataclass(frozen=True)
class GroupMedians:
    """Medians by quantity: of all clients, and by column and word of each group that is large enough.

    A client whose word is missing, unseen in training or rare is set against the median of all clients.
    """

    overall: Medians
    by_word: Mapping[str, Mapping[str, Medians]]

    @classmethod
    def learn(cls, known: Known) -> GroupMedians:
        """Learn the medians among the clients that are seen."""
        seen = known.cases.features.filter(pl.Series(known.seen))
        overall = seen.select(pl.col(name).cast(pl.Float64).median() for name in COMPARED).row(0, named=True)
        return cls(overall, {group.column: _by_word(seen, group.column) for group in GROUPS})

    def tell(self, cases: Cases) -> Mapping[str, Floats]:
        """Give for each client the median of each quantity in each of its groups."""
        return {name: values for group in GROUPS for name, values in self._of_group(cases, group).items()}

    def _of_group(self, cases: Cases, group: Group) -> dict[str, Floats]:
        words = self.by_word[group.column]
        places = {word: place for place, word in enumerate(words, start=1)}
        rows = [places.get(word, 0) for word in cases.features[group.column]]
        return {median_of(name, group): self._ladder(name, words)[rows] for name in COMPARED}

    def _ladder(self, quantity: str, words: Mapping[str, Medians]) -> Floats:
        overall = self.overall[quantity]
        medians = [overall, *(known.get(quantity, overall) for known in words.values())]
        return np.array([np.nan if median is None else median for median in medians])

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {"overall": dict(self.overall), "by_word": self.by_word}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> GroupMedians:
        """Read medians back."""
        return cls(facts["overall"], facts["by_word"])


def _by_word(clients: pl.DataFrame, column: str) -> dict[str, Medians]:
    quantities = {name: pl.col(name).cast(pl.Float64) for name in COMPARED}
    found = (
        clients.drop_nulls(column)
        .group_by(column)
        .agg(
            pl.when(value.count() >= LEAST_CLIENTS).then(value.median()).alias(name)
            for name, value in quantities.items()
        )
    )
    rows = found.sort(column).iter_rows(named=True)
    return {row[column]: {name: row[name] for name in COMPARED if row[name] is not None} for row in rows}
