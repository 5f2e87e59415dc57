"""The 47 published columns on the building where the client lives: the only ones that follow one pattern."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.facts import CategoryFact, RealFact, Unit


class HousingFacts(models.Model):
    """The building where the client lives, each measure rescaled from 0 to 1 by the publisher.

    Three values a measure, taken over the apartments of the building: average, most frequent value and median.
    """

    apartments_avg = RealFact(
        _("Apartment size (average)"),
        _("Average size of the apartments in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    basementarea_avg = RealFact(
        _("Basement area (average)"),
        _("Average area of the basement in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    years_beginexpluatation_avg = RealFact(
        _("Years in use (average)"),
        _("Average number of years in use of the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    years_build_avg = RealFact(
        _("Year of construction (average)"),
        _("Average year of construction of the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    commonarea_avg = RealFact(
        _("Common area (average)"),
        _("Average area of the common parts in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    elevators_avg = RealFact(
        _("Lifts (average)"),
        _("Average number of lifts in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    entrances_avg = RealFact(
        _("Entrances (average)"),
        _("Average number of entrances in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    floorsmax_avg = RealFact(
        _("Highest floor count (average)"),
        _("Average largest number of floors in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    floorsmin_avg = RealFact(
        _("Lowest floor count (average)"),
        _("Average smallest number of floors in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    landarea_avg = RealFact(
        _("Land area (average)"),
        _("Average area of the land in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    livingapartments_avg = RealFact(
        _("Living apartments (average)"),
        _("Average size of inhabited apartments in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    livingarea_avg = RealFact(
        _("Living area (average)"),
        _("Average inhabited area in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    nonlivingapartments_avg = RealFact(
        _("Non-residential apartments (average)"),
        _("Average size of non-residential apartments in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    nonlivingarea_avg = RealFact(
        _("Non-residential area (average)"),
        _("Average non-residential area in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    apartments_mode = RealFact(
        _("Apartment size (most frequent value)"),
        _("Most frequent size of the apartments in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    basementarea_mode = RealFact(
        _("Basement area (most frequent value)"),
        _("Most frequent area of the basement in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    years_beginexpluatation_mode = RealFact(
        _("Years in use (most frequent value)"),
        _("Most frequent number of years in use of the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    years_build_mode = RealFact(
        _("Year of construction (most frequent value)"),
        _("Most frequent year of construction of the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    commonarea_mode = RealFact(
        _("Common area (most frequent value)"),
        _("Most frequent area of the common parts in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    elevators_mode = RealFact(
        _("Lifts (most frequent value)"),
        _("Most frequent number of lifts in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    entrances_mode = RealFact(
        _("Entrances (most frequent value)"),
        _("Most frequent number of entrances in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    floorsmax_mode = RealFact(
        _("Highest floor count (most frequent value)"),
        _("Most frequent largest number of floors in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    floorsmin_mode = RealFact(
        _("Lowest floor count (most frequent value)"),
        _("Most frequent smallest number of floors in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    landarea_mode = RealFact(
        _("Land area (most frequent value)"),
        _("Most frequent area of the land in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    livingapartments_mode = RealFact(
        _("Living apartments (most frequent value)"),
        _("Most frequent size of inhabited apartments in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    livingarea_mode = RealFact(
        _("Living area (most frequent value)"),
        _("Most frequent inhabited area in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    nonlivingapartments_mode = RealFact(
        _("Non-residential apartments (most frequent value)"),
        _("Most frequent size of non-residential flats in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    nonlivingarea_mode = RealFact(
        _("Non-residential area (most frequent value)"),
        _("Most frequent non-residential area in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    apartments_medi = RealFact(
        _("Apartment size (median)"),
        _("Median size of the apartments in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    basementarea_medi = RealFact(
        _("Basement area (median)"),
        _("Median area of the basement in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    years_beginexpluatation_medi = RealFact(
        _("Years in use (median)"),
        _("Median number of years in use of the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    years_build_medi = RealFact(
        _("Year of construction (median)"),
        _("Median year of construction of the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    commonarea_medi = RealFact(
        _("Common area (median)"),
        _("Median area of the common parts in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    elevators_medi = RealFact(
        _("Lifts (median)"),
        _("Median number of lifts in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    entrances_medi = RealFact(
        _("Entrances (median)"),
        _("Median number of entrances in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    floorsmax_medi = RealFact(
        _("Highest floor count (median)"),
        _("Median largest number of floors in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    floorsmin_medi = RealFact(
        _("Lowest floor count (median)"),
        _("Median smallest number of floors in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    landarea_medi = RealFact(
        _("Land area (median)"),
        _("Median area of the land in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    livingapartments_medi = RealFact(
        _("Living apartments (median)"),
        _("Median size of inhabited apartments in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    livingarea_medi = RealFact(
        _("Living area (median)"),
        _("Median inhabited area in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    nonlivingapartments_medi = RealFact(
        _("Non-residential apartments (median)"),
        _("Median size of non-residential apartments in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    nonlivingarea_medi = RealFact(
        _("Non-residential area (median)"),
        _("Median non-residential area in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    fondkapremont_mode = CategoryFact(
        _("Building repair fund"), _("How the building's repair fund is held: account of the operator or of its own.")
    )
    housetype_mode = CategoryFact(_("Type of building"), _("Type of the building where the client lives."))
    totalarea_mode = RealFact(
        _("Total area"),
        _("Most frequent total area in the building where the client lives, rescaled from 0 to 1."),
        unit=Unit.NORMALISED,
    )
    wallsmaterial_mode = CategoryFact(
        _("Material of the walls"), _("Main material of the walls of the building where the client lives.")
    )
    emergencystate_mode = CategoryFact(
        _("Building in disrepair"), _("Whether the building where the client lives is declared in disrepair.")
    )

    class Meta:
        abstract = True
