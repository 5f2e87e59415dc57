"""Monthly statements of credit cards held here."""

from __future__ import annotations

from modelling.features import card_families, card_ratios
from modelling.features.card_rows import HISTORY, prepared_rows
from modelling.features.feature import Feature

FEATURES: tuple[Feature, ...] = (*card_ratios.FEATURES, *card_families.FEATURES)

HISTORIES = ((HISTORY, prepared_rows),)
