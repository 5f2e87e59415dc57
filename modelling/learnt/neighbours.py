"""How many of the most similar clients defaulted: an exact search among points that stand for nobody in particular."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelling.features.lessons import EXTERNAL_SCORES, NEIGHBOURS, NEIGHBOURS_SHARE
from modelling.features.similar_loans import LENGTH
from modelling.learnt.arrays import packed, unpacked
from modelling.learnt.cases import Cases, Floats, Known

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

COORDINATES = (*EXTERNAL_SCORES, LENGTH)
MOST_POINTS = 50_000
LEAST_SHARE = 20  # never more neighbours than a twentieth of the points


@dataclass(frozen=True)
class Neighbours:
    """Coordinates of training clients and their outcomes, in the order of the coordinates: nothing else of anyone.

    middle, spread: median and standard deviation of each coordinate; a missing one counts as the median.
    points: m × 4 float32. defaults: m, 0 or 1.
    """

    middle: Floats
    spread: Floats
    points: NDArray[np.float32]
    defaults: NDArray[np.int8]

    @classmethod
    def learn(cls, known: Known) -> Neighbours:
        """Keep at most MOST_POINTS of the clients that are seen, drawn with the seed."""
        places = np.flatnonzero(known.seen)
        if len(places) > MOST_POINTS:
            places = np.random.default_rng(known.seed).choice(places, MOST_POINTS, replace=False)
        values = known.cases.numbers(COORDINATES)[places]
        middle, spread = _middle(values), _spread(values)
        points = _standardised(values, middle, spread)
        order = np.lexsort((known.target[places], *points.T))
        return cls(middle, spread, points[order], known.target[places][order])

    def tell(self, cases: Cases) -> Mapping[str, Floats]:
        """Give the share of defaults among each client's nearest points."""
        count = max(1, min(NEIGHBOURS, len(self.points) // LEAST_SHARE))
        where = _standardised(cases.numbers(COORDINATES), self.middle, self.spread)
        _, nearest = self._tree.query(where, k=np.arange(1, count + 1))
        return {NEIGHBOURS_SHARE: self.defaults[nearest].sum(axis=1) / count}

    @cached_property
    def _tree(self) -> cKDTree:
        from scipy.spatial import cKDTree  # noqa: PLC0415  # 0.2 s that a page that scores nothing need not wait for

        return cKDTree(self.points)

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back: the points as little-endian float32, the outcomes as bytes, in base 64."""
        return {
            "middle": self.middle.tolist(),
            "spread": self.spread.tolist(),
            "points": packed(self.points, "<f4"),
            "defaults": packed(self.defaults, "<i1"),
        }

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> Neighbours:
        """Read it back."""
        points = unpacked(facts["points"], "<f4").reshape(-1, len(COORDINATES))
        defaults = unpacked(facts["defaults"], "<i1")
        return cls(np.array(facts["middle"]), np.array(facts["spread"]), points, defaults)


def _standardised(values: Floats, middle: Floats, spread: Floats) -> NDArray[np.float32]:
    return np.nan_to_num((values - middle) / spread, nan=0.0).astype(np.float32)


def _middle(values: Floats) -> Floats:
    return np.array([np.median(known) if len(known := column[~np.isnan(column)]) else 0.0 for column in values.T])


def _spread(values: Floats) -> Floats:
    spreads = [np.std(known) if len(known := column[~np.isnan(column)]) else 0.0 for column in values.T]
    return np.array([spread if spread > 0 else 1.0 for spread in spreads])
