"""The application itself: its columns, what is derived from them, and the building the client lives in."""

from __future__ import annotations

from modelling.features import application_facts, application_ratios, housing
from modelling.features.feature import Feature

FEATURES: tuple[Feature, ...] = (*application_ratios.FEATURES, *application_facts.FEATURES, *housing.FEATURES)
