"""How long a loan of this amount and instalment is likely to run, as past loans did; no outcome is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from modelling.features.lessons import EXPECTED_TERM
from modelling.learnt.cases import Cases, Floats, Known
from modelling.learnt.trees import Examples, Trees, grow

MOST_LOANS = 200_000  # more teach nothing new of three numbers
ROUNDS = 150
SETTINGS: Mapping[str, Any] = {
    "objective": "regression",
    "learning_rate": 0.1,
    "num_leaves": 31,
    "min_data_in_leaf": 20,
}


@dataclass(frozen=True)
class ExpectedTerm:
    """The number of instalments, told from the amount, the instalment and their quotient; None without past loans."""

    trees: Trees | None

    @classmethod
    def learn(cls, known: Known) -> ExpectedTerm:
        """Learn from past loans with a known amount, instalment and number of instalments."""
        loans = known.cases.instalment_plans.of(known.seen).rows.drop_nulls().to_numpy()
        loans = loans[(loans > 0).all(axis=1)]
        if len(loans) > MOST_LOANS:
            loans = np.random.default_rng(known.seed).choice(loans, MOST_LOANS, replace=False)
        if not len(loans):
            return cls(None)
        examples = Examples(_shape(loans[:, 0], loans[:, 1]), loans[:, 2])
        return cls(grow(examples, SETTINGS, rounds=ROUNDS, seed=known.seed))

    def tell(self, cases: Cases) -> Mapping[str, Floats]:
        """Give each client's expected term in months; missing without a credit or an instalment."""
        credit, annuity = cases.numbers(("amt_credit", "amt_annuity")).T
        months = np.full(len(cases), np.nan)
        known = (credit > 0) & (annuity > 0)
        if self.trees is not None:
            months[known] = self.trees.predict(_shape(credit[known], annuity[known]))
        return {EXPECTED_TERM: months}

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {"trees": self.trees and self.trees.text}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> ExpectedTerm:
        """Read it back."""
        return cls(Trees(facts["trees"]) if facts["trees"] else None)


def _shape(credit: Floats, annuity: Floats) -> Floats:
    return np.column_stack((credit, annuity, credit / annuity))
