"""Monthly statements of point-of-sale and cash loans held here."""

from __future__ import annotations

import polars as pl

from modelling.features import pos_families, pos_ratios
from modelling.features.feature import Feature
from modelling.features.pos_rows import HISTORY, prepared_rows
from modelling.features.tables import Tables

FEATURES: tuple[Feature, ...] = (*pos_ratios.FEATURES, *pos_families.FEATURES)

_PLAN = HISTORY.plan(feature.expression for feature in FEATURES)


def aggregate(tables: Tables, clients: pl.Series) -> pl.DataFrame:
    """Return every aggregate the features of this group read, one row for each of these clients in their order."""
    return _PLAN.run(prepared_rows(tables), clients)
