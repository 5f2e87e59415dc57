"""What borrowers on nearly the same terms were like, and how many of them defaulted.

Loans of one offer have the same rate and length, so their amounts are the same number of instalments to many digits:
what an offer's clients have in common shows in narrow bands that trees of a few hundred cuts cannot see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.features.similar_loans import LENGTH, MEANS, NEAREST, SHARES, mean_of
from modelling.learnt.arrays import packed, unpacked
from modelling.learnt.cases import Cases, Floats, Known

MOST_LOANS = 50_000
LEAST_PART = 20  # never more neighbours than a twentieth of the loans


@dataclass(frozen=True)
class Staircase:
    """The mean of something over the loans nearest to any length: `means` has one more than `cuts`, which rise.

    From one step to the next the nearest lose one loan and gain another. Every mean is over many clients.
    """

    cuts: NDArray[np.float32]
    means: NDArray[np.float32]

    @classmethod
    def of(cls, lengths: Floats, values: Floats, *, nearest: int = NEAREST) -> Staircase:
        """Take the means over the loans nearest; those whose length or value is missing are left out.

        Loans of the very same length share their values evenly, so that it does not matter which of them are nearest.
        """
        known = ~(np.isnan(lengths) | np.isnan(values))
        if not known.any():
            return cls(np.empty(0, np.float32), np.array([np.nan], np.float32))
        distinct, same = np.unique(lengths[known], return_inverse=True)
        loans = np.bincount(same)
        nearest = max(1, min(nearest, len(same) // LEAST_PART))
        rising = np.repeat(distinct, loans)
        sums = np.concatenate(([0.0], np.cumsum(np.repeat(np.bincount(same, values[known]) / loans, loans))))
        cuts, means = (rising[:-nearest] + rising[nearest:]) / 2, (sums[nearest:] - sums[:-nearest]) / nearest
        return cls(cuts.astype(np.float32), means.astype(np.float32))

    def at(self, lengths: Floats) -> Floats:
        """Give the mean at each length, missing where that is."""
        return np.where(np.isnan(lengths), np.nan, self.means[np.searchsorted(self.cuts, lengths)])

    def to_json(self) -> dict[str, str]:
        """Give what `of_json` reads back."""
        return {"cuts": packed(self.cuts, "<f4"), "means": packed(self.means, "<f4")}

    @classmethod
    def of_json(cls, facts: Mapping[str, str]) -> Staircase:
        """Read it back. Raises ValueError when it is no staircase."""
        cuts, means = unpacked(facts["cuts"], "<f4"), unpacked(facts["means"], "<f4")
        if len(means) != len(cuts) + 1 or (np.diff(cuts) < 0).any():
            raise ValueError(f"{len(cuts)} cuts, which should rise, and {len(means)} means, which should be one more")
        return cls(cuts, means)


@dataclass(frozen=True)
class SimilarLoans:
    """A staircase of lengths for each thing told of the clients whose loans are similar, by its name."""

    staircases: Mapping[str, Staircase]

    @classmethod
    def learn(cls, known: Known) -> SimilarLoans:
        """Learn from at most MOST_LOANS of the clients that are seen, drawn with the seed."""
        places = np.flatnonzero(known.seen)
        if len(places) > MOST_LOANS:
            places = np.random.default_rng(known.seed).choice(places, MOST_LOANS, replace=False)
        lengths, *means = known.cases.numbers((LENGTH, *MEANS))[places].T
        target = known.target[places].astype(np.float64)
        return cls(
            {name: Staircase.of(lengths, target, nearest=loans) for name, loans in SHARES.items()}
            | {mean_of(name): Staircase.of(lengths, values) for name, values in zip(MEANS, means, strict=True)}
        )

    def tell(self, cases: Cases) -> Mapping[str, Floats]:
        """Give each thing told at the length of each client's loan; missing without a credit or an instalment."""
        lengths = cases.numbers((LENGTH,))[:, 0]
        return {name: staircase.at(lengths) for name, staircase in self.staircases.items()}

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {name: staircase.to_json() for name, staircase in self.staircases.items()}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> SimilarLoans:
        """Read it back."""
        return cls({name: Staircase.of_json(each) for name, each in facts.items()})
