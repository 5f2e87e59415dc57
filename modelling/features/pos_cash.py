"""Monthly statements of point-of-sale and cash loans held here."""

from __future__ import annotations

from modelling.features import pos_families, pos_ratios
from modelling.features.feature import Feature
from modelling.features.pos_rows import HISTORY, prepared_rows

FEATURES: tuple[Feature, ...] = (*pos_ratios.FEATURES, *pos_families.FEATURES)

HISTORIES = ((HISTORY, prepared_rows),)
