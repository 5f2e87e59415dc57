"""Everything the application alone tells, theme by theme."""

from __future__ import annotations

from modelling.features import (
    application_file,
    application_housing,
    application_loan,
    application_person,
    application_place,
    application_scores,
    application_timeline,
)
from modelling.features.feature import Feature

FEATURES: tuple[Feature, ...] = (
    *application_scores.FEATURES,
    *application_loan.FEATURES,
    *application_timeline.FEATURES,
    *application_person.FEATURES,
    *application_file.FEATURES,
    *application_place.FEATURES,
    *application_housing.FEATURES,
)
