"""From a client's tables to a calibrated probability of default; one client or a hundred thousand, the same road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from modelling.bundle import Bundle
from modelling.encoding import Matrix
from modelling.features.polars_pool import among_few
from modelling.features.tables import Tables
from modelling.learnt.trees import threads
from modelling.recalibration import Recalibration, probability_of

if TYPE_CHECKING:
    from lightgbm import Booster


class Scorer(Protocol):
    """What turns encoded values into probabilities: a bundle, or what training is about to seal in one."""

    @property
    def features(self) -> tuple[str, ...]:
        """Give the features in the order of the matrix."""

    @property
    def booster(self) -> Booster:
        """Give the trees."""

    @property
    def calibration(self) -> Recalibration:
        """Give the way from raw to calibrated log-odds."""


@dataclass(frozen=True)
class Scored:
    """n scored clients, in rising order of `client_ids`.

    values: n × k, the encoded features in the bundle's order; NaN where missing, codes for categories.
    log_odds: n, calibrated. probability: n, in [0, 1], of default.
    """

    client_ids: NDArray[np.int64]
    values: Matrix
    log_odds: NDArray[np.float64]
    probability: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.client_ids)


@dataclass(frozen=True)
class Encoded:
    """What a bundle reads of n clients. client_ids: n. values: n × k as `Scored` has them, a row each in that order."""

    client_ids: NDArray[np.int64]
    values: Matrix


def encode(bundle: Bundle, tables: Tables) -> Encoded:
    """Build what the bundle reads of every application of the tables, in rising order of their numbers.

    Raises BundleError when the bundle needs features this code lacks.
    """
    return among_few(tables.application.height, lambda: _encoded(bundle, tables))


def _encoded(bundle: Bundle, tables: Tables) -> Encoded:
    frame = bundle.lessons.build(tables, bundle.features)
    return Encoded(frame["sk_id_curr"].to_numpy(), bundle.encoding.encode(frame))


def score(bundle: Bundle, tables: Tables) -> Scored:
    """Score every application of the tables. Raises BundleError when the bundle needs features this code lacks."""
    encoded = encode(bundle, tables)
    return score_matrix(bundle, encoded.values, client_ids=encoded.client_ids)


def score_matrix(bundle: Scorer, values: Matrix, *, client_ids: NDArray[np.int64] | None = None) -> Scored:
    """Score encoded values, n × k; without `client_ids` the rows are what-ifs, numbered from 0."""
    ids = np.arange(len(values), dtype=np.int64) if client_ids is None else client_ids
    log_odds = bundle.calibration.log_odds(_raw_log_odds(bundle, values))
    return Scored(client_ids=ids, values=values, log_odds=log_odds, probability=probability_of(log_odds))


def _raw_log_odds(bundle: Scorer, values: Matrix) -> NDArray[np.float64]:
    if not len(values):  # LightGBM refuses an empty matrix
        return np.empty(0)
    raw = bundle.booster.predict(values, raw_score=True, num_threads=threads(values.size))
    return np.asarray(raw, dtype=np.float64)
