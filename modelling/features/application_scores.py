"""Scores bought from outside, whose making the lender does not know: each one, and all of them together."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from modelling.features.arithmetic import mean_of, missing_count, spread_of
from modelling.features.feature import Feature, Unit, describe, fact

_SCORES = ("ext_source_1", "ext_source_2", "ext_source_3")


def _external_score(number: int) -> Feature:
    return fact(
        f"ext_source_{number}",
        Unit.SCORE,
        (f"Score externe {number}", f"External score {number}"),
        (f"Le score externe numéro {number}, de 0 à 1.", f"External score number {number}, from 0 to 1."),
        within=(0, 1),
        opaque=True,
    )


def _over_scores(
    name: str, label: tuple[str, str], sentence: tuple[str, str], expression: pl.Expr, formula: str
) -> Feature:
    return describe(name, Unit.SCORE, label, sentence, expression, formula=formula, within=(0, 1), opaque=True)


def _pair_product(one: int, other: int) -> Feature:
    return _over_scores(
        f"ext_source_{one}_times_{other}",
        (f"Produit des scores externes {one} et {other}", f"Product of external scores {one} and {other}"),
        (
            f"Les scores externes {one} et {other} multipliés entre eux.",
            f"External scores {one} and {other} multiplied.",
        ),
        pl.col(f"ext_source_{one}") * pl.col(f"ext_source_{other}"),
        f"ext_source_{one} × ext_source_{other}",
    )


_TOGETHER = (
    _over_scores(
        "ext_source_mean",
        ("Score externe moyen", "Mean external score"),
        ("La moyenne des scores externes connus.", "The mean of the known external scores."),
        mean_of(_SCORES, (1, 1, 1)),
        "mean of the known external scores",
    ),
    _over_scores(
        "ext_source_weighted_mean",
        ("Score externe moyen pondéré", "Weighted mean external score"),
        (
            "La moyenne des scores externes connus, le troisième comptant le plus.",
            "The mean of the known external scores, the third counting most.",
        ),
        mean_of(_SCORES, (2, 1, 3)),
        "mean of the known external scores, weights 2, 1, 3",
    ),
    _over_scores(
        "ext_source_min",
        ("Score externe le plus bas", "Lowest external score"),
        ("Le plus bas des scores externes connus.", "The lowest of the known external scores."),
        pl.min_horizontal(_SCORES),
        "least of the known external scores",
    ),
    _over_scores(
        "ext_source_max",
        ("Score externe le plus haut", "Highest external score"),
        ("Le plus haut des scores externes connus.", "The highest of the known external scores."),
        pl.max_horizontal(_SCORES),
        "greatest of the known external scores",
    ),
    _over_scores(
        "ext_source_std",
        ("Écart entre les scores externes", "Spread of the external scores"),
        ("L'écart-type des scores externes connus.", "The standard deviation of the known external scores."),
        spread_of(_SCORES),
        "standard deviation of the known external scores",
    ),
    _over_scores(
        "ext_source_product",
        ("Produit des scores externes", "Product of the external scores"),
        ("Les trois scores externes multipliés entre eux.", "The three external scores multiplied."),
        pl.col(_SCORES[0]) * pl.col(_SCORES[1]) * pl.col(_SCORES[2]),
        "ext_source_1 × ext_source_2 × ext_source_3",
    ),
    *(_pair_product(one, other) for one, other in combinations((1, 2, 3), 2)),
    describe(
        "ext_source_missing_count",
        Unit.COUNT,
        ("Scores externes manquants", "Missing external scores"),
        (
            "Le nombre de scores externes que le dossier ne donne pas.",
            "How many external scores the file does not give.",
        ),
        missing_count(_SCORES),
        formula="number of missing external scores",
        within=(0, 3),
    ),
)

FEATURES: tuple[Feature, ...] = (*_TOGETHER, *(_external_score(number) for number in (1, 2, 3)))
