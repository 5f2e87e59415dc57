"""The values of all assessed applications, laid out in columns for the pages and addresses that compare.

`applications.services.population` writes them into a folder of their own and then points CURRENT at it; here they are
mapped, once a process for each folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings

from applications.models import Application
from applications.models.assessment import unpack
from modelling import registry
from modelling.bundle import Bundle
from modelling.columns import Columns, open_columns
from modelling.conditions import Mask
from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE, admitted
from modelling.features.legal import LegalStatus
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.neighbours import Likeness, Neighbours, open_likeness

CURRENT = "current"
SIMILAR = 20
# What the application itself says and the law admits; the model version in force adds what it reads.
FACTS = tuple(name for name in admitted() if CATALOGUE[name].source == "application")

Value = float | str | None


@dataclass(frozen=True)
class Population:
    """The assessed applications at one moment. version: number of the model version that assessed them."""

    columns: Columns
    likeness: Likeness
    as_of: datetime
    version: int

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def features(self) -> tuple[str, ...]:
        """Give the features to compare by; no barred one is among them."""
        return self.columns.encoding.features

    def meaning(self, feature: str, place: int) -> Value:
        """Give the value of one client as a person reads it."""
        return self.columns.encoding.meaning(feature, float(self.columns.column(feature)[place]))


@dataclass(frozen=True)
class Similar:
    """The clients most like one, the nearest first, and in `mask` all of them among the population."""

    neighbours: Neighbours
    mask: Mask


def population_folder() -> Path:
    """Return where the folders of columns lie."""
    return Path(settings.STATE_DIR) / "population"


def current_population() -> Population | None:
    """Return the population as it was last laid out; None before it was."""
    try:
        return _open(population_folder() / (population_folder() / CURRENT).readlink())
    except FileNotFoundError:
        return None


@lru_cache(maxsize=1)
def _open(folder: Path) -> Population:
    columns = open_columns(folder)
    return Population(
        columns=columns,
        likeness=open_likeness(folder, len(columns)),
        as_of=datetime.fromisoformat(columns.about["as_of"]),
        version=columns.about["version"],
    )


def features_to_lay_out(bundle: Bundle) -> tuple[str, ...]:
    """Return the features a population has: those of FACTS, then what the bundle reads, of which nothing is barred."""
    more = (name for name in bundle.features if name in CATALOGUE and name not in FACTS)
    return (*FACTS, *(name for name in more if CATALOGUE[name].status is not LegalStatus.BARRED))


def values_of(application: Application) -> Mapping[str, Value]:
    """Return one application's own values by feature: of its facts as they stand, and of its current assessment.

    current_assessment, with its model version, is loaded. Raises BundleError when the files of that are not there.
    """
    row = {name: getattr(application, name) for name in TABLES["application"].column_names}
    rows = pl.DataFrame([row], schema=TABLES["application"].schema)
    facts: dict[str, Value] = build_features(Tables.of({"application": rows}), FACTS).row(0, named=True)
    del facts["sk_id_curr"]
    assessment = application.current_assessment
    if assessment is None:
        return facts
    bundle, values = registry.bundle_of(assessment.model_version), unpack(assessment.values)
    read = {name: bundle.encoding.meaning(name, float(values[place])) for place, name in enumerate(bundle.features)}
    return read | facts


def own_codes(population: Population, values: Mapping[str, Value]) -> dict[str, float]:
    """Return a client's values as the columns hold them."""
    return {name: population.columns.code(name, values.get(name)) for name in population.features}


def similar_to(population: Population, application: Application, values: Mapping[str, Value]) -> Similar:
    """Return the SIMILAR clients most like the client of an application, himself left out."""
    point = population.likeness.point(own_codes(population, values))
    himself = population.columns.owners == application.client_id
    found = population.likeness.nearest(point, SIMILAR, leave_out=himself)
    mask = np.zeros(len(population), dtype=bool)
    mask[found.places] = True
    return Similar(found, mask)
