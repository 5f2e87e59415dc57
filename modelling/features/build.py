"""One row of features an application, by one definition for a whole portfolio and for a single client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from modelling.features import bureau, credit_card, instalments, pos_cash, previous_loans
from modelling.features.aggregates import CLIENT, Plan
from modelling.features.catalogue import CATALOGUE
from modelling.features.feature import Feature
from modelling.features.polars_pool import among_few
from modelling.features.tables import Tables

_HISTORIES = (
    *bureau.HISTORIES,
    *previous_loans.HISTORIES,
    *pos_cash.HISTORIES,
    *instalments.HISTORIES,
    *credit_card.HISTORIES,
)


def build_features(tables: Tables, features: Sequence[str] | None = None) -> pl.DataFrame:
    """Return `sk_id_curr` and one column a feature: those named, in that order, or all that need no lesson.

    One row an application, ascending by sk_id_curr. Numbers are Float32, categories String; what is missing is
    null, never NaN or infinite. A client's row depends on the client's own rows alone, to the bit, in any order.
    Raises KeyError for a name that the catalogue lacks.
    """
    recipe = _recipe(_OWN if features is None else tuple(features))
    return among_few(tables.application.height, lambda: _built(tables, recipe))


@dataclass(frozen=True)
class _Recipe:
    """What makes some features: their expressions, and the aggregates these read, with what prepares their rows."""

    columns: tuple[pl.Expr, ...]
    histories: tuple[tuple[Plan, Callable[[Tables], pl.DataFrame]], ...]


def _built(tables: Tables, recipe: _Recipe) -> pl.DataFrame:
    tables.require_known_clients()
    rows = tables.application if tables.application[CLIENT].is_sorted() else tables.application.sort(CLIENT)
    histories = [plan.run(prepare(tables), rows[CLIENT]) for plan, prepare in recipe.histories]
    return pl.concat([rows, *histories], how="horizontal").select(CLIENT, *recipe.columns)


@cache
def _recipe(names: tuple[str, ...]) -> _Recipe:
    features = [CATALOGUE[name] for name in names]
    plans = ((history.plan(one.expression for one in features), prepare) for history, prepare in _HISTORIES)
    return _Recipe(
        columns=tuple(column(feature) for feature in features),
        histories=tuple((plan, prepare) for plan, prepare in plans if plan.aggregates),
    )


def column(feature: Feature) -> pl.Expr:
    """Return a feature's column of its final type, over the columns its expression reads."""
    kind = pl.String if feature.is_category else pl.Float32
    return feature.expression.cast(kind).alias(feature.name)


_OWN = tuple(name for name, feature in CATALOGUE.items() if feature.lesson is None)
