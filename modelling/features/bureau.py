"""Credits with other lenders, as the credit bureau tells them, with their monthly statuses."""

from __future__ import annotations

from modelling.features import bureau_burden, bureau_families, bureau_ratios, bureau_recency
from modelling.features.bureau_rows import HISTORY, prepared_rows
from modelling.features.feature import Feature

FEATURES: tuple[Feature, ...] = (
    *bureau_burden.FEATURES,
    *bureau_ratios.FEATURES,
    *bureau_recency.FEATURES,
    *bureau_families.FEATURES,
)

HISTORIES = ((HISTORY, prepared_rows),)
