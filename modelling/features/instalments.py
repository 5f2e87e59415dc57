"""What was due and what was paid on loans and cards held here."""

from __future__ import annotations

import polars as pl

from modelling.features import instalment_families, instalment_ratios, instalment_rows, payment_rows
from modelling.features.feature import Feature
from modelling.features.tables import Tables

FEATURES: tuple[Feature, ...] = (*instalment_ratios.FEATURES, *instalment_families.FEATURES)

_OF_PAYMENTS = payment_rows.HISTORY.plan(feature.expression for feature in FEATURES)
_OF_INSTALMENTS = instalment_rows.HISTORY.plan(feature.expression for feature in FEATURES)


def aggregate(tables: Tables, clients: pl.Series) -> pl.DataFrame:
    """Return every aggregate the features of this group read, one row for each of these clients in their order."""
    payments = payment_rows.prepared_rows(tables)
    instalments = instalment_rows.merged_rows(payments)
    return _OF_PAYMENTS.run(payments, clients).hstack(_OF_INSTALMENTS.run(instalments, clients))
