"""How one column is made fit for a linear model or a forest: what is chosen, by which facts, and how it is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from modelling.encoding import Matrix
from modelling.training.choices import Chosen, Family, Kind, Levels, Missing, Scale, Skew, Use

FLAG_FROM, FLAG_ALONE_FROM = 0.05, 0.95  # shares missing
SKEWED, HEAVY_TAILED = 1.0, 10.0  # skewness, excess kurtosis
RARE = 0.005  # levels rarer than this share one column
FARTHEST = 10.0  # scaled values beyond count as this far: one client must not bend a line
LAW_ROWS = 10_000  # enough to estimate a transformation from


@dataclass(frozen=True)
class NumberRecipe:
    """How a number is told: filled, kept within the range of training, straightened, scaled, and flagged if missing."""

    chosen: Chosen
    fill: float
    low: float
    high: float
    center: float
    spread: float
    power: float | None
    after_center: float
    after_spread: float

    @property
    def width(self) -> int:
        """Give how many columns come out."""
        return int(self.tells_value) + int(self.tells_missing)

    @property
    def tells_value(self) -> bool:
        """Say whether the number itself comes out."""
        return self.chosen.missing is not Missing.FLAG

    @property
    def tells_missing(self) -> bool:
        """Say whether a flag comes out."""
        return self.chosen.missing in {Missing.FLAG, Missing.MEDIAN_AND_FLAG} and self.chosen.flagged_by is None

    def apply(self, column: Matrix) -> Matrix:
        """Give n × width columns without any missing value."""
        parts = [self._value(column)] if self.tells_value else []
        parts += [np.isnan(column)] if self.tells_missing else []
        return np.column_stack(parts).astype(np.float32) if parts else np.empty((len(column), 0), dtype=np.float32)

    def _value(self, column: Matrix) -> NDArray[np.float64]:
        filled = np.where(np.isnan(column), self.fill, column.astype(np.float64))
        straight = _straightened(np.clip(filled, self.low, self.high), self)
        scaled = (straight - self.after_center) / self.after_spread
        return scaled if self.chosen.scale is Scale.NONE else np.clip(scaled, -FARTHEST, FARTHEST)


@dataclass(frozen=True)
class CategoryRecipe:
    """How a category is told. codes: of the levels that have a column of their own; the rest share the last one."""

    chosen: Chosen
    codes: tuple[int, ...]

    @property
    def width(self) -> int:
        """Give how many columns come out."""
        return 1 if self.chosen.levels is Levels.CODES else len(self.codes) + 2

    def apply(self, column: Matrix) -> Matrix:
        """Give n × width columns without any missing value; a missing level stands apart from a rare one."""
        if self.chosen.levels is Levels.CODES:
            return np.nan_to_num(column, nan=-1.0)[:, None]
        own = column[:, None] == np.asarray(self.codes, dtype=np.float32)[None, :]
        missing = np.isnan(column)
        rare = ~(own.any(axis=1) | missing)
        return np.column_stack((own, rare, missing)).astype(np.float32)


@dataclass(frozen=True)
class NoRecipe:
    """A column that is left out."""

    chosen: Chosen
    width: int = 0

    def apply(self, column: Matrix) -> Matrix:
        """Give n × 0 columns."""
        return np.empty((len(column), 0), dtype=np.float32)


Recipe = NumberRecipe | CategoryRecipe | NoRecipe


def choose(name: str, column: Matrix, *, levels: int | None, family: Family, forced: Mapping[str, str]) -> Recipe:
    """Choose how a column is told, from its values in training alone.

    levels: how many there are, of a category. forced: a person's choices, which stand before the rules.
    """
    known = column[~np.isnan(column)].astype(np.float64)
    chosen = Chosen(
        column=name,
        kind=_kind(known, len(column), levels),
        use=Use(forced.get("use", Use.YES)),
        missing_share=1 - len(known) / len(column),
        forced=tuple(sorted(forced)),
    )
    if chosen.use is Use.NO or chosen.kind is Kind.CONSTANT:
        return NoRecipe(replace(chosen, use=Use.NO))
    if levels is not None:
        return _category(chosen, known, len(column), family, forced)
    return _number(chosen, known, family, forced)


def _kind(known: NDArray[np.float64], rows: int, levels: int | None) -> Kind:
    distinct = 0 if not len(known) else 1 if np.ptp(known) == 0 else 2
    if distinct + (0 < len(known) < rows) <= 1:
        return Kind.CONSTANT
    if levels is not None:
        return Kind.CATEGORY
    is_flag = distinct == 1 or ((known == known.min()) | (known == known.max())).all()
    return Kind.FLAG if is_flag else Kind.NUMBER


def _category(
    chosen: Chosen, known: NDArray[np.float64], rows: int, family: Family, forced: Mapping[str, str]
) -> CategoryRecipe:
    by_family = Levels.ONE_HOT if family is Family.LINEAR else Levels.CODES
    codes, counts = np.unique(known.astype(np.intp), return_counts=True)
    frequent = tuple(codes[counts >= RARE * rows].tolist())
    told = replace(chosen, level_count=len(codes), levels=Levels(forced.get("levels", by_family)))
    return CategoryRecipe(told, frequent)


def _number(chosen: Chosen, known: NDArray[np.float64], family: Family, forced: Mapping[str, str]) -> NumberRecipe:
    """Choose step by step, each from what the step before gives."""
    some = known[:: max(1, len(known) // LAW_ROWS)]
    chosen = replace(chosen, missing=Missing(forced.get("missing", _missing(chosen))))
    is_linear = family is Family.LINEAR and chosen.kind is Kind.NUMBER
    skewness = float(stats.skew(some)) if is_linear else None
    skew = Skew(forced.get("skew", _skew(skewness)))
    plain = NumberRecipe(
        chosen=replace(chosen, skewness=skewness, skew=skew),
        fill=0.0 if chosen.missing is Missing.ZERO else float(np.median(known)),
        low=min(float(known.min()), 0.0 if chosen.missing is Missing.ZERO else np.inf),
        high=max(float(known.max()), 0.0 if chosen.missing is Missing.ZERO else -np.inf),
        center=float(some.mean()),
        spread=float(some.std()) or 1.0,
        power=None,
        after_center=0.0,
        after_spread=1.0,
    )
    if skew is Skew.YEO_JOHNSON:
        plain = replace(plain, power=_power((some - plain.center) / plain.spread))
    return _scaled(plain, _straightened(some, plain), is_linear=is_linear, forced=forced)


def _missing(chosen: Chosen) -> Missing:
    if chosen.missing_share < FLAG_FROM:
        return Missing.MEDIAN
    return Missing.FLAG if chosen.missing_share >= FLAG_ALONE_FROM else Missing.MEDIAN_AND_FLAG


def _skew(skewness: float | None) -> Skew:
    return Skew.YEO_JOHNSON if skewness is not None and abs(skewness) > SKEWED else Skew.NONE


def _power(standardised: NDArray[np.float64]) -> float:
    """Give Yeo and Johnson's exponent (2000) of greatest likelihood, from numbers near 0, where it is stable."""
    with np.errstate(all="ignore"):
        return float(stats.yeojohnson_normmax(standardised))


def _straightened(values: NDArray[np.float64], recipe: NumberRecipe) -> NDArray[np.float64]:
    if recipe.power is None:
        return values
    with np.errstate(all="ignore"):
        return np.asarray(stats.yeojohnson((values - recipe.center) / recipe.spread, recipe.power))


def _scaled(
    recipe: NumberRecipe, straight: NDArray[np.float64], *, is_linear: bool, forced: Mapping[str, str]
) -> NumberRecipe:
    kurtosis = float(stats.kurtosis(straight)) if is_linear else None
    is_heavy = kurtosis is not None and kurtosis > HEAVY_TAILED
    by_rule = (Scale.ROBUST if is_heavy else Scale.STANDARD) if is_linear else Scale.NONE
    scale = Scale(forced.get("scale", by_rule))
    recipe = replace(recipe, chosen=replace(recipe.chosen, kurtosis=kurtosis, scale=scale))
    if scale is Scale.STANDARD:
        return replace(recipe, after_center=float(straight.mean()), after_spread=float(straight.std()) or 1.0)
    if scale is Scale.ROBUST:
        low, middle, high = np.quantile(straight, (0.25, 0.5, 0.75)).tolist()
        # Where half the values are equal there is no such range; the deviation stands in.
        return replace(recipe, after_center=middle, after_spread=(high - low) / 2 or float(straight.std()) or 1.0)
    return recipe
