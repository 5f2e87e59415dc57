"""Why a probability came out: exact contributions of each feature, and the few that are worth a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from modelling.bundle import Bundle
from modelling.encoding import Matrix
from modelling.errors import AdditivityError
from modelling.features.catalogue import CATALOGUE
from modelling.population import CategoryFacts, FeatureFacts
from modelling.scoring import Scored, Scorer, threads

CHUNK_ROWS = 4096  # LightGBM answers in float64, k + 1 columns: 4096 × 800 is 26 MB
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


@dataclass(frozen=True)
class Reason:
    """One fact that moved the probability, told by one feature of it.

    contribution: of all features of the fact together (log-odds, signed). strength: 1 to 4. position: of the value.
    """

    feature: str
    contribution: float
    strength: int
    position: Position


@dataclass(frozen=True)
class Reasons:
    """The facts that raised the risk and those that lowered it, each side the strongest first."""

    raising: tuple[Reason, ...]
    lowering: tuple[Reason, ...]


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


def reasons(bundle: Bundle, values_row: Matrix, contributions_row: Matrix, most: int = 4) -> Reasons:
    """Choose the facts worth a sentence: at most `most` a side, strongest first.

    Features that tell of one fact are summed, for they lean on one another: what they say together is the reason, and
    the one that says it loudest speaks for them. A fact that moved nothing is never a reason.
    """
    sides: dict[bool, list[Reason]] = {True: [], False: []}
    for places in _facts(bundle, values_row).values():
        together = float(contributions_row[places].sum(dtype=np.float64))
        if together != 0:
            sides[together > 0].append(_reason(bundle, values_row, contributions_row, places, together))
    strongest = {side: sorted(said, key=lambda reason: -abs(reason.contribution)) for side, said in sides.items()}
    return Reasons(raising=tuple(strongest[True][:most]), lowering=tuple(strongest[False][:most]))


def _facts(bundle: Bundle, values_row: Matrix) -> dict[str, list[int]]:
    """Give the places of the features that tell of each fact."""
    facts: dict[str, list[int]] = {}
    for place, feature in enumerate(bundle.features):
        facts.setdefault(fact(feature, float(values_row[place])), []).append(place)
    return facts


def _reason(
    bundle: Bundle, values_row: Matrix, contributions_row: Matrix, places: list[int], together: float
) -> Reason:
    speaker = max(places, key=lambda place: float(contributions_row[place]) * np.sign(together))
    feature, value = bundle.features[speaker], float(values_row[speaker])
    where = position(bundle.population.features[feature], value)
    if tells_of_no_history(feature, value):
        where = Position.NO_HISTORY
    return Reason(feature, together, strength(together), where)


def fact(feature: str, value: float) -> str:
    """Give the fact a feature with this value tells of: its family, or that there is no credit history of its kind."""
    return f"no history: {_origin(feature)}" if tells_of_no_history(feature, value) else family(feature)


def tells_of_no_history(feature: str, value: float) -> bool:
    """Tell whether the value is missing because the client has no credit history of that kind."""
    return bool(np.isnan(value)) and feature in CATALOGUE and CATALOGUE[feature].source != "application"


def _origin(feature: str) -> str:
    return "elsewhere" if CATALOGUE[feature].source in {"bureau", "bureau_balance"} else "here"


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


_STATISTIC = re.compile(
    r"_(min|max|mean|sum|var|std|size|count|share|avg|mode|medi|median|last_\d+_(days|months)|\d+)$"
)
_SCOPE = re.compile(r"_(active|closed|approved|refused|running|last_\d+(_days|_months)?)(?=_)")


def family(feature: str) -> str:
    """Give the fact a feature tells of: its name without the words for how, and over which lines, it was summed up.

    Those are statistics at the end ("_mean", "_avg", "_last_365_days") and scopes before it ("_active", "_last_3").
    All external scores are one family, since their mean, extremes and products restate the scores themselves.
    """
    if feature.startswith("ext_source"):
        return "ext_source"
    while (shorter := _STATISTIC.sub("", feature)) != feature:
        feature = shorter
    return _SCOPE.sub("", feature)


def _raw_contributions(bundle: Scorer, values: Matrix) -> NDArray[np.float64]:
    found = bundle.booster.predict(values, pred_contrib=True, num_threads=threads(values.size))
    return np.asarray(found, dtype=np.float64)
