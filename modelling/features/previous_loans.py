"""Earlier applications with this lender: what became of them, and what they say of the present one."""

from __future__ import annotations

from modelling.features import previous_families, previous_ratios, previous_recency
from modelling.features.feature import Feature
from modelling.features.previous_rows import HISTORY, prepared_rows

FEATURES: tuple[Feature, ...] = (*previous_ratios.FEATURES, *previous_recency.FEATURES, *previous_families.FEATURES)

HISTORIES = ((HISTORY, prepared_rows),)
