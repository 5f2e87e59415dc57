"""Who may be taught by whom: what a client is told was never learnt from the client's own outcome.

With folds by client, a lesson is learnt as many times as there are sets of folds to be kept out of it:

- for the booster that is measured on fold k, all is learnt without k; a client of another fold j is told what was
  learnt without j and k (of a lesson that looks at no outcome: without k, as the clients of k are);
- for the final booster, a client of fold j is told what was learnt without j;
- the bundle carries what was learnt from all. It is that, not the mean of the folds' lessons, which is told of new
  clients as spread out as the training clients were told out of fold: a mean of several is narrower.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.features.feature import Lesson
from modelling.learnt.cases import Cases, Known
from modelling.learnt.lessons import METHODS, Lessons, tell, told_features

Folds = frozenset[int]
NONE: Folds = frozenset()


@dataclass(frozen=True)
class Teaching:
    """Clients who teach one another, as lessons and folds allow.

    folds: n, each client's. seed: for what a lesson draws.
    """

    cases: Cases
    target: NDArray[np.int8]
    folds: NDArray[np.int8]
    lessons: Collection[Lesson]
    seed: int
    _kept: dict[tuple[Lesson, Folds], pl.DataFrame] = field(default_factory=dict, repr=False)

    def told(self, fold: int | None) -> pl.DataFrame:
        """Give the features of the lessons, a row a client, as the booster measured on this fold may see them.

        fold: None for the final booster, which is measured on no one.
        """
        if not self.lessons:
            return pl.DataFrame()
        kept_out = NONE if fold is None else frozenset({fold})
        return told_features(self.cases, {lesson: self._told_of(lesson, kept_out) for lesson in self.lessons})

    def learnt_from_all(self) -> Lessons:
        """Give what the bundle carries."""
        return Lessons({lesson: METHODS[lesson].learn(self._known(NONE)) for lesson in self.lessons})

    def _told_of(self, lesson: Lesson, kept_out: Folds) -> pl.DataFrame:
        if not METHODS[lesson].looks_at_outcomes:
            return self._told_without(lesson, kept_out)
        by_fold = [self._kept_told(lesson, kept_out | {fold}) for fold in range(int(self.folds.max()) + 1)]
        clients = np.arange(len(self.folds))
        return pl.DataFrame(
            pl.Series(
                name, np.stack([told[name].to_numpy() for told in by_fold])[self.folds, clients], nan_to_null=True
            )
            for name in by_fold[0].columns
        )

    def _kept_told(self, lesson: Lesson, kept_out: Folds) -> pl.DataFrame:
        """Keep what was told: without folds j and k, it serves the clients of either while the other is measured."""
        if (lesson, kept_out) not in self._kept:
            self._kept[lesson, kept_out] = self._told_without(lesson, kept_out)
        return self._kept[lesson, kept_out]

    def _told_without(self, lesson: Lesson, kept_out: Folds) -> pl.DataFrame:
        return tell(METHODS[lesson].learn(self._known(kept_out)), self.cases)

    def _known(self, kept_out: Folds) -> Known:
        return Known(self.cases, self.target, ~np.isin(self.folds, list(kept_out)), self.seed)
