"""The building the client lives in: 47 normalised measures that come together or not at all."""

from __future__ import annotations

from modelling.features.arithmetic import missing_count
from modelling.features.feature import Feature, Unit, describe, fact

MEASURES = {
    "apartments": ("taille des appartements", "size of the flats"),
    "basementarea": ("surface du sous-sol", "basement area"),
    "years_beginexpluatation": ("ancienneté de la mise en service", "time since it was put into use"),
    "years_build": ("année de construction", "year of construction"),
    "commonarea": ("surface des parties communes", "common area"),
    "elevators": ("nombre d'ascenseurs", "number of lifts"),
    "entrances": ("nombre d'entrées", "number of entrances"),
    "floorsmax": ("nombre d'étages le plus élevé", "highest number of floors"),
    "floorsmin": ("nombre d'étages le plus bas", "lowest number of floors"),
    "landarea": ("surface du terrain", "land area"),
    "livingapartments": ("part des appartements habités", "share of flats lived in"),
    "livingarea": ("surface habitable", "living area"),
    "nonlivingapartments": ("part des appartements non habités", "share of flats not lived in"),
    "nonlivingarea": ("surface non habitable", "non-living area"),
}
STATISTICS = {"avg": ("moyenne", "average"), "mode": ("mode", "mode"), "medi": ("médiane", "median")}


def _measure(stem: str, ending: str) -> Feature:
    (fr, en), (stat_fr, stat_en) = MEASURES[stem], STATISTICS[ending]
    return fact(
        f"{stem}_{ending}",
        Unit.SCORE,
        (f"Immeuble : {fr} ({stat_fr})", f"Building: {en} ({stat_en})"),
        (
            f"Pour l'immeuble du client : {fr}, {stat_fr}, ramenée à une échelle de 0 à 1.",
            f"For the client's building: {en}, {stat_en}, brought to a scale from 0 to 1.",
        ),
        within=(0, 1),
    )


_MEASURED = tuple(_measure(stem, ending) for ending in STATISTICS for stem in MEASURES)
_DESCRIBED = (
    fact(
        "totalarea_mode",
        Unit.SCORE,
        ("Immeuble : surface totale (mode)", "Building: total area (mode)"),
        (
            "La surface totale de l'immeuble du client, ramenée à une échelle de 0 à 1.",
            "The total area of the client's building, brought to a scale from 0 to 1.",
        ),
        within=(0, 1),
    ),
    fact(
        "fondkapremont_mode",
        Unit.CATEGORY,
        ("Fonds de travaux de l'immeuble", "Building repair fund"),
        (
            "La façon dont l'immeuble du client met de côté pour ses gros travaux.",
            "How the client's building saves for major repairs.",
        ),
    ),
    fact(
        "housetype_mode",
        Unit.CATEGORY,
        ("Type d'immeuble", "Type of building"),
        ("Le type de bâtiment où vit le client.", "The type of building the client lives in."),
    ),
    fact(
        "wallsmaterial_mode",
        Unit.CATEGORY,
        ("Matériau des murs", "Wall material"),
        ("Le matériau des murs de l'immeuble du client.", "What the walls of the client's building are made of."),
    ),
    fact(
        "emergencystate_mode",
        Unit.CATEGORY,
        ("Immeuble déclaré en péril", "Building in disrepair"),
        (
            "Indique si l'immeuble du client est déclaré en mauvais état.",
            "Whether the client's building is declared in bad repair.",
        ),
    ),
)
_COLUMNS = tuple(feature.name for feature in (*_MEASURED, *_DESCRIBED))

FEATURES: tuple[Feature, ...] = (
    *_MEASURED,
    *_DESCRIBED,
    describe(
        "housing_missing_count",
        Unit.COUNT,
        ("Informations manquantes sur le logement", "Missing facts about the home"),
        (
            "Le nombre d'informations que le dossier ne donne pas sur l'immeuble du client.",
            "How many facts about the client's building the file does not give.",
        ),
        missing_count(_COLUMNS),
        formula="number of missing housing columns",
        within=(0, len(_COLUMNS)),
    ),
)
