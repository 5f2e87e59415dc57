"""What no model may read, loaded here alone, for the fairness report alone: a contract in pyproject.toml holds this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix, learn_encoding
from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE, LegalStatus
from modelling.features.tables import Tables

WATCHED = ("code_gender", "name_family_status", "region_rating_client", "days_birth")
DAYS_A_YEAR = 365.25
AGE_BANDS = (25, 35, 45, 60)
AGE_WORDS = ("under_25", "25_to_34", "35_to_44", "45_to_59", "60_and_over")

Groups = NDArray[np.str_]


@dataclass(frozen=True)
class Protected:
    """What the law watches, of n clients in rising order of number; "" where it is not known."""

    groups: Mapping[str, Groups]

    def at(self, rows: NDArray[np.intp]) -> Protected:
        """Keep these clients."""
        return Protected({name: groups[rows] for name, groups in self.groups.items()})


def protected_of(applications: pl.DataFrame) -> Protected:
    """Read sex, age band, family status and region rating of the clients. applications: with WATCHED and sk_id_curr."""
    rows = applications.sort("sk_id_curr")
    words = {"sex": "code_gender", "family_status": "name_family_status"}
    groups = {name: rows[column].fill_null("").to_numpy().astype(np.str_) for name, column in words.items()}
    rating = rows["region_rating_client"].cast(pl.String).fill_null("")
    return Protected(
        {
            "sex": groups["sex"],
            "age": _age_bands(rows["days_birth"]),
            "family_status": groups["family_status"],
            "region_rating": rating.to_numpy().astype(np.str_),
        }
    )


def barred_features(tables: Tables) -> tuple[Matrix, Encoding]:
    """Give the barred features, encoded, one row a client: to measure what the gate costs, and for nothing else."""
    names = [name for name, feature in CATALOGUE.items() if feature.status is LegalStatus.BARRED and not feature.lesson]
    frame = build_features(tables, names)
    encoding = learn_encoding(frame, names)
    return encoding.encode(frame), encoding


def _age_bands(days_birth: pl.Series) -> Groups:
    years = -days_birth.cast(pl.Float64).to_numpy() / DAYS_A_YEAR
    places = np.digitize(np.nan_to_num(years, nan=0.0), AGE_BANDS)
    return np.where(np.isnan(years), "", np.array(AGE_WORDS)[places]).astype(np.str_)
