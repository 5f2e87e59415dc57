"""The few operations of formulas that must treat zero and missing values in one way everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

DAYS_A_YEAR = 365.25
MONTHS_A_YEAR = 12
NEARLY_ZERO = 1e-9
MISSING_DAYS = 365243  # stands for "no date" in the published tables


def ratio(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Return the quotient; missing where either side is, or where the denominator is zero (within 1e-9)."""
    return pl.when(denominator.abs() > NEARLY_ZERO).then(numerator / denominator)


def years_since(days: str) -> pl.Expr:
    """Return years before the application, positive, from days counted as the tables do: negative, 365243 = missing."""
    return -known_days(days) / DAYS_A_YEAR


def known_days(days: str) -> pl.Expr:
    """Return the days of a column without those that stand for "no date"."""
    return pl.when(pl.col(days) != MISSING_DAYS).then(pl.col(days))


def yes(column: str) -> pl.Expr:
    """Return 1 for Y, 0 for N, missing for anything else."""
    return pl.when(pl.col(column) == "Y").then(1).when(pl.col(column) == "N").then(0)


def missing_count(columns: Sequence[str]) -> pl.Expr:
    """Return how many of these columns are missing in a row."""
    return pl.sum_horizontal(pl.col(column).is_null().cast(pl.Int32) for column in columns)


def mean_of(columns: Sequence[str], weights: Sequence[float]) -> pl.Expr:
    """Return the weighted mean of the known columns of a row; missing when none is known."""
    pairs = list(zip(columns, weights, strict=True))
    total = pl.sum_horizontal(pl.col(column) * weight for column, weight in pairs)
    weight = pl.sum_horizontal(pl.col(column).is_not_null() * weight for column, weight in pairs)
    return ratio(total, weight)


def spread_of(columns: Sequence[str]) -> pl.Expr:
    """Return the standard deviation (n - 1) of the known columns of a row; missing when fewer than two are known."""
    mean = mean_of(columns, [1.0] * len(columns))
    known = len(columns) - missing_count(columns)
    squares = pl.sum_horizontal((pl.col(column) - mean) ** 2 for column in columns)
    return pl.when(known > 1).then((squares / (known - 1)).sqrt())
