"""How many borrowers defaulted on loans of nearly the same terms.

Loans of one offer have the same rate and length, so their amounts are the same number of instalments to many digits:
the risk of an offer shows in narrow bands that trees of a few hundred cuts cannot see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from modelling.features.lessons import SIMILAR_LOANS, SIMILAR_LOANS_SHARE
from modelling.learnt.arrays import packed, unpacked
from modelling.learnt.cases import Cases, Floats, Known

LENGTH = "credit_to_annuity_months"
MOST_LOANS = 50_000
LEAST_PART = 20  # never more neighbours than a twentieth of the loans


@dataclass(frozen=True)
class SimilarLoans:
    """The share of defaults among the nearest loans, a rising staircase of lengths: `shares` has one more than `cuts`.

    From one step to the next the nearest lose one loan and gain another. Every share is a mean over many clients.
    """

    cuts: Floats
    shares: Floats

    @classmethod
    def learn(cls, known: Known) -> SimilarLoans:
        """Learn from at most MOST_LOANS of the clients that are seen, drawn with the seed.

        Loans of the very same length share their outcomes evenly, so that it does not matter which of them are nearest.
        """
        length = known.cases.numbers((LENGTH,))[:, 0]
        places = np.flatnonzero(known.seen & ~np.isnan(length))
        if len(places) > MOST_LOANS:
            places = np.random.default_rng(known.seed).choice(places, MOST_LOANS, replace=False)
        if not len(places):
            return cls(np.empty(0), np.array([np.nan]))
        lengths, same = np.unique(length[places], return_inverse=True)
        clients = np.bincount(same)
        rate = np.bincount(same, known.target[places]) / clients
        return cls.nearest(np.repeat(lengths, clients), np.repeat(rate, clients))

    @classmethod
    def nearest(cls, lengths: Floats, outcomes: Floats) -> SimilarLoans:
        """Take the mean outcome of the loans nearest to any length. lengths: rising."""
        count = max(1, min(SIMILAR_LOANS, len(lengths) // LEAST_PART))
        sums = np.concatenate(([0.0], np.cumsum(outcomes)))
        return cls((lengths[:-count] + lengths[count:]) / 2, (sums[count:] - sums[:-count]) / count)

    def tell(self, cases: Cases) -> Mapping[str, Floats]:
        """Give the share among the loans nearest to each client's; missing without a credit or an instalment."""
        length = cases.numbers((LENGTH,))[:, 0]
        shares = self.shares[np.searchsorted(self.cuts, length)]
        return {SIMILAR_LOANS_SHARE: np.where(np.isnan(length), np.nan, shares)}

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {"cuts": packed(self.cuts, "<f8"), "shares": packed(self.shares, "<f8")}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> SimilarLoans:
        """Read it back."""
        return cls(unpacked(facts["cuts"], "<f8"), unpacked(facts["shares"], "<f8"))
