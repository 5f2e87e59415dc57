"""One row of features an application, by one definition for a whole portfolio and for a single client."""

from __future__ import annotations

import polars as pl

from modelling.features import bureau, credit_card, instalments, pos_cash, previous_loans
from modelling.features.catalogue import CATALOGUE
from modelling.features.feature import Feature
from modelling.features.tables import Tables


def build_features(tables: Tables) -> pl.DataFrame:
    """Return `sk_id_curr` and one column a feature of the catalogue, in its order.

    One row an application, ascending by sk_id_curr. Numbers are Float32, categories String; what is missing is
    null, never NaN or infinite. A client's row depends on the client's own rows alone, to the bit, in any order.
    """
    tables.require_known_clients()
    rows = tables.application.sort("sk_id_curr")
    histories = [aggregate(tables, rows["sk_id_curr"]) for aggregate in _HISTORIES]
    return pl.concat([rows, *histories], how="horizontal").select("sk_id_curr", *_COLUMNS)


def _column(feature: Feature) -> pl.Expr:
    kind = pl.String if feature.is_category else pl.Float32
    return feature.expression.cast(kind).alias(feature.name)


_HISTORIES = (
    bureau.aggregate,
    previous_loans.aggregate,
    pos_cash.aggregate,
    instalments.aggregate,
    credit_card.aggregate,
)
_COLUMNS = tuple(_column(feature) for feature in CATALOGUE.values())
