"""What was due and what was paid on loans and cards held here."""

from __future__ import annotations

from modelling.features import instalment_families, instalment_ratios, instalment_rows, payment_rows
from modelling.features.feature import Feature

FEATURES: tuple[Feature, ...] = (*instalment_ratios.FEATURES, *instalment_families.FEATURES)

HISTORIES = (
    (payment_rows.HISTORY, payment_rows.prepared_rows),
    (instalment_rows.HISTORY, instalment_rows.prepared_rows),
)
