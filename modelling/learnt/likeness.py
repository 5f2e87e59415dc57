"""Default told from one line of a history alone: how much a line looks like those of clients who defaulted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.encoding import Encoding, learn_encoding
from modelling.features.feature import Lesson
from modelling.learnt.cases import Cases, Floats, Known, Lines
from modelling.learnt.trees import Examples, Trees, grow

MOST_LINES = 500_000
ROUNDS = 100
SETTINGS: Mapping[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "max_depth": 3,
    "num_leaves": 8,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 20.0,
    "max_cat_to_onehot": 100,
}
WHOLE = 10**9  # probabilities are summed as billionths: whole numbers add up the same in any company
LINES: Mapping[Lesson, Callable[[Cases], Lines]] = {
    Lesson.PREVIOUS: lambda cases: cases.previous,
    Lesson.BUREAU: lambda cases: cases.bureau,
}


@dataclass(frozen=True)
class Likeness:
    """A probability of default for each line of one history; None where no line was known to learn from."""

    lesson: Lesson
    encoding: Encoding
    trees: Trees | None

    @classmethod
    def learn(cls, known: Known, *, lesson: Lesson) -> Likeness:
        """Learn from the lines of the clients that are seen, the lines of one client together counting as one client.

        A line is labelled with its client's outcome.
        """
        lines = _at_most(LINES[lesson](known.cases).of(known.seen), known.seed)
        encoding = learn_encoding(lines.rows, lines.rows.columns)
        label = known.target[lines.owners].astype(np.float64)
        if not 0 < label.sum() < len(label):
            return cls(lesson, encoding, None)
        weight = 1 / np.bincount(lines.owners)[lines.owners]
        examples = Examples(encoding.encode(lines.rows), label, weight / weight.mean(), encoding.category_indices)
        return cls(lesson, encoding, grow(examples, SETTINGS, rounds=ROUNDS, seed=known.seed))

    def tell(self, cases: Cases) -> Mapping[str, Floats]:
        """Give mean and greatest over each client's lines and that of the latest; missing for a client without any."""
        lines = LINES[self.lesson](cases)
        told = {f"{self.lesson} {statistic}": np.full(len(cases), np.nan) for statistic in ("mean", "max", "last")}
        if self.trees is None or not len(lines.owners):
            return told
        risk = np.rint(self.trees.predict(self.encoding.encode(lines.rows)) * WHOLE).astype(np.int64)
        starts = np.flatnonzero(np.append(True, np.diff(lines.owners) > 0))
        counts = np.diff(np.append(starts, len(risk)))
        found = (np.add.reduceat(risk, starts) / counts, np.maximum.reduceat(risk, starts), risk[starts])
        for values, of_clients in zip(told.values(), found, strict=True):
            values[lines.owners[starts]] = of_clients / WHOLE
        return told

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {"encoding": self.encoding.to_json(), "trees": self.trees and self.trees.text}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any], *, lesson: Lesson) -> Likeness:
        """Read it back."""
        return cls(lesson, Encoding.of_json(facts["encoding"]), Trees(facts["trees"]) if facts["trees"] else None)


def _at_most(lines: Lines, seed: int) -> Lines:
    if len(lines.owners) <= MOST_LINES:
        return lines
    kept: NDArray[np.intp] = np.random.default_rng(seed).permutation(len(lines.owners))[:MOST_LINES]
    kept.sort()
    return Lines(lines.rows[kept], lines.owners[kept])
