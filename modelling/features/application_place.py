"""Where and among whom the client lives: region, addresses, social circle; stored, mostly not for a model to read."""

from __future__ import annotations

from modelling.features.feature import Feature, Unit, fact

_REGION = (
    fact(
        "region_population_relative",
        Unit.SCORE,
        ("Population de la région", "Population of the region"),
        (
            "La population de la région du client, sur une échelle commune à toutes les régions.",
            "The population of the client's region, on a scale common to all regions.",
        ),
        within=(0, 1),
    ),
    fact(
        "region_rating_client",
        Unit.SCORE,
        ("Note de la région", "Rating of the region"),
        ("La note, de 1 à 3, de la région où vit le client.", "The rating, 1 to 3, of the region the client lives in."),
        within=(1, 3),
    ),
    fact(
        "region_rating_client_w_city",
        Unit.SCORE,
        ("Note de la région et de la ville", "Rating of region and city"),
        (
            "La note, de 1 à 3, de la région et de la ville où vit le client.",
            "The rating, 1 to 3, of the region and city the client lives in.",
        ),
        within=(-1, 3),
    ),
)

_ADDRESSES = {
    ("reg", "live"): ("l'adresse officielle et l'adresse de contact", "permanent and contact addresses"),
    ("reg", "work"): ("l'adresse officielle et le lieu de travail", "permanent address and workplace"),
    ("live", "work"): ("l'adresse de contact et le lieu de travail", "contact address and workplace"),
}
_AREAS = {"region": ("régions", "regions"), "city": ("villes", "cities")}


def _gap(one: str, other: str, area: str) -> Feature:
    (fr, en), (areas_fr, areas_en) = _ADDRESSES[one, other], _AREAS[area]
    return fact(
        f"{one}_{area}_not_{other}_{area}",
        Unit.FLAG,
        (f"{fr.capitalize()} : {areas_fr} différentes", f"{en.capitalize()}: different {areas_en}"),
        (
            f"Indique si {fr} du client sont dans deux {areas_fr} différentes.",
            f"Whether the client's {en} are in two different {areas_en}.",
        ),
        within=(0, 1),
    )


def _circle(column: str, days: int) -> Feature:
    late = column == "def"
    return fact(
        f"{column}_{days}_cnt_social_circle",
        Unit.COUNT,
        (
            f"Entourage : {'défauts' if late else 'retards observables'} à {days} jours",
            f"Social circle: {'defaults' if late else 'observations'} at {days} days",
        ),
        (
            f"Le nombre de personnes de l'entourage {'en défaut' if late else 'observées'} à {days} jours.",
            f"How many people around the client {'defaulted' if late else 'were observed'} at {days} days.",
        ),
        within=(0, 400),
    )


FEATURES: tuple[Feature, ...] = (
    *_REGION,
    *(_gap(one, other, area) for area in _AREAS for one, other in _ADDRESSES),
    *(_circle(column, days) for days in (30, 60) for column in ("obs", "def")),
)
