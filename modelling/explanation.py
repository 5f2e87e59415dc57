"""Why a probability came out: exact contributions of each feature, checked before anybody reads them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from modelling.encoding import Matrix
from modelling.errors import AdditivityError, DeepTreesError
from modelling.learnt.trees import threads
from modelling.memory import keep_for_good
from modelling.patterns import PatternTables
from modelling.population import CategoryFacts, FeatureFacts
from modelling.reasons import is_of_history
from modelling.scoring import Scored, Scorer

if TYPE_CHECKING:
    from lightgbm import Booster

logger = logging.getLogger(__name__)

CHUNK_ROWS = 8192  # LightGBM answers in float64, k + 1 columns: 8192 × 100 is 6 MB
PATTERNS_FROM_ROWS = 200  # below, what the tables cost whoever looks up is more than LightGBM takes
COMPARED_ROWS = 8
AGREE_WITHIN = 1e-6
STRENGTH_CUTS = (0.10, 0.25, 0.50)


@dataclass(frozen=True)
class Explained:
    """Contributions on the calibrated log-odds scale: base + contributions of a row = its log-odds.

    base: the expected log-odds over the training population. contributions: n × k, in the bundle's feature order.
    """

    base: float
    contributions: Matrix


class Position(StrEnum):
    """Where a client's value lies among the training population."""

    MISSING = "missing"
    LOW = "low"  # below the lower quartile
    MIDDLE = "middle"
    HIGH = "high"  # above the upper quartile
    CATEGORY = "category"  # a word has no place on a scale
    NO_HISTORY = "no_history"  # missing, for want of a credit history of that kind


def explain(bundle: Scorer, scored: Scored) -> Explained:
    """Explain scored clients by LightGBM's exact TreeSHAP (Lundberg 2020), carried to the calibrated scale.

    Raises AdditivityError when any row's contributions do not sum to its log-odds.
    """
    starts = range(0, len(scored), CHUNK_ROWS)
    raw = [_raw_contributions(bundle, scored.values[start : start + CHUNK_ROWS]) for start in starts]
    width = len(bundle.features)
    base = float(raw[0][0, width]) if raw else 0.0
    calibrated = [_calibrated(bundle, part, base) for part in raw]
    explained = Explained(
        base=float(bundle.calibration.log_odds(np.asarray(base))),
        contributions=np.concatenate(calibrated) if calibrated else np.empty((0, width), dtype=np.float32),
    )
    check_additivity(explained, scored)
    return explained


def _calibrated(bundle: Scorer, raw: NDArray[np.float64], base: float) -> Matrix:
    """Carry raw contributions, base in the last column, to the calibrated scale: a row's all by one factor."""
    factors = bundle.calibration.secants(raw.sum(axis=1), base)
    return (factors[:, None] * raw[:, :-1]).astype(np.float32)


def check_additivity(explained: Explained, scored: Scored) -> None:
    """Raise AdditivityError, naming the client, unless each row's base and contributions give its log-odds.

    Rounding a contribution to float32 moves it by at most 2^-24 of its size; twice that over the row's total movement
    bounds the sum, and 1e-6 more covers LightGBM's own float64 sums over a few thousand trees.
    """
    contributions = explained.contributions.astype(np.float64)
    gap = np.abs(explained.base + contributions.sum(axis=1) - scored.log_odds)
    allowed = 1e-6 + 2.0**-23 * np.abs(contributions).sum(axis=1)
    wrong = np.flatnonzero(~(np.isfinite(gap) & (gap <= allowed)))
    if len(wrong):
        row = wrong[0]
        raise AdditivityError(
            f"The contributions of client {scored.client_ids[row]} miss its log-odds by {gap[row]:.3g}, "
            f"{allowed[row]:.3g} allowed; {len(wrong)} of {len(scored)} rows are off. Nothing was stored."
        )


def tells_of_no_history(feature: str, value: float) -> bool:
    """Tell whether the value is missing because the client has no credit history of that kind."""
    return bool(np.isnan(value)) and is_of_history(feature)


def strength(contribution: float) -> int:
    """Give 1 (slight) to 4 (very strong): the odds move by less than ×1.1, ×1.3, ×1.65, or by more."""
    return 1 + sum(abs(contribution) >= cut for cut in STRENGTH_CUTS)


def position(facts: FeatureFacts, value: float) -> Position:
    """Say where a value lies in the training population; beyond the quartiles is low or high."""
    if np.isnan(value):
        return Position.MISSING
    if isinstance(facts, CategoryFacts):
        return Position.CATEGORY
    if not facts.quantiles:
        return Position.MIDDLE
    lower, upper = np.float32(facts.quantiles[2]), np.float32(facts.quantiles[4])
    return Position.LOW if value < lower else Position.HIGH if value > upper else Position.MIDDLE


def _raw_contributions(bundle: Scorer, values: Matrix) -> NDArray[np.float64]:
    """Give n × (k + 1) raw contributions, the base last: from tables of patterns for many clients, else LightGBM's."""
    if len(values) >= PATTERNS_FROM_ROWS and (tables := _pattern_tables(bundle.booster)) is not None:
        found = tables.contributions(values)
        sample = slice(None, None, len(values) // COMPARED_ROWS)
        if np.abs(found[sample] - _of_lightgbm(bundle, values[sample])).max() <= AGREE_WITHIN:
            return found
        logger.error("Tables of patterns disagree with LightGBM, whose contributions count.")
    return _of_lightgbm(bundle, values)


def _of_lightgbm(bundle: Scorer, values: Matrix) -> NDArray[np.float64]:
    found = bundle.booster.predict(values, pred_contrib=True, num_threads=threads(values.size))
    return np.asarray(found, dtype=np.float64)


def _pattern_tables(booster: Booster) -> PatternTables | None:
    """Lay a booster out for many clients, once; None when its trees are too deep for that."""
    if booster not in _laid_out:
        try:
            _laid_out[booster] = PatternTables.of(booster.model_to_string())
        except DeepTreesError as error:
            logger.warning("LightGBM explains many clients itself, slowly: %s", error)
            _laid_out[booster] = None
        keep_for_good()
    return _laid_out[booster]


_laid_out: WeakKeyDictionary[Booster, PatternTables | None] = WeakKeyDictionary()
