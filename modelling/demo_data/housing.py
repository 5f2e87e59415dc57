"""The 47 columns on the client's building, which are missing together."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import ndtr

from modelling.demo_data.constants import frequencies, grid
from modelling.demo_data.draws import Floats, Grid, Stream, pick
from modelling.demo_data.people import People
from modelling.demo_data.person import Columns

KINDS = ("AVG", "MODE", "MEDI")
WORD_COLUMNS = ("FONDKAPREMONT_MODE", "HOUSETYPE_MODE", "WALLSMATERIAL_MODE", "EMERGENCYSTATE_MODE")
# How far a measure follows the size of the building (latent correlation with the apartments' area).
SIZE_LINK = {
    "BASEMENTAREA": 0.65, "COMMONAREA": 0.6, "ELEVATORS": 0.75, "ENTRANCES": 0.35, "FLOORSMAX": 0.65, "FLOORSMIN": 0.6,
    "LANDAREA": 0.45, "LIVINGAPARTMENTS": 0.9, "NONLIVINGAPARTMENTS": 0.2, "NONLIVINGAREA": 0.3,
    "YEARS_BEGINEXPLUATATION": 0.3, "YEARS_BUILD": 0.35,
}  # fmt: skip
# Published values are counts over a largest one, so multiples of a step.
STEPS = {"ELEVATORS": 1 / 25, "ENTRANCES": 1 / 29, "FLOORSMAX": 1 / 24, "FLOORSMIN": 1 / 24}
SAME_BUILDING_LINK = 0.995


def draw_housing(people: People) -> Columns:
    """Give the building's columns; one rank a client decides which of them are missing, so they go together."""
    random = people.stream(Stream.HOUSING)
    measures = ("APARTMENTS", "LIVINGAREA", *SIZE_LINK)
    numbers = {"TOTALAREA_MODE": _value("TOTALAREA_MODE", people.latent["TOTALAREA_MODE"])}
    for measure in measures:
        numbers |= _three_kinds(measure, _latent(people, measure, random), random)
    silence = random.random(people.count)
    missing = frequencies("application", "missing")
    columns: Columns = {name: np.where(silence < missing[name], np.nan, values) for name, values in numbers.items()}
    for name in WORD_COLUMNS:
        words = pick(frequencies("application", "frequencies", name), random.random(people.count))
        columns[name] = words.blanked(silence < missing[name])
    return columns


def _latent(people: People, measure: str, random: np.random.Generator) -> Floats:
    """Give a measure's latent value: drawn with the client's where published, else tied to the building's size."""
    if (name := f"{measure}_AVG") in people.latent:
        return people.latent[name]
    link = SIZE_LINK[measure]
    own = random.standard_normal(people.count)
    latent: Floats = link * people.latent["APARTMENTS_AVG"] + np.sqrt(1.0 - link**2) * own
    return latent


def _three_kinds(measure: str, latent: Floats, random: np.random.Generator) -> dict[str, Floats]:
    """Give average, mode and median of one measure: nearly the same number."""
    noise = np.sqrt(1.0 - SAME_BUILDING_LINK**2)
    values = {}
    for kind in KINDS:
        near = latent if kind == "AVG" else SAME_BUILDING_LINK * latent + noise * random.standard_normal(len(latent))
        values[f"{measure}_{kind}"] = _value(f"{measure}_{kind}", near)
    return values


def _value(column: str, latent: Floats) -> Floats:
    drawn = _housing_grid(column).at(ndtr(latent))
    step = STEPS.get(column.rpartition("_")[0])
    if step is not None:
        drawn = np.round(drawn / step) * step
    return np.round(drawn, 4)


@cache
def _housing_grid(column: str) -> Grid:
    return grid("application", "quantiles", column)
