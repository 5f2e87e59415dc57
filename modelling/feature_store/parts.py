"""From a range of clients to a file of their features: what no worker needs to know of the others."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelling.errors import FeatureStoreError, gettext_noop
from modelling.feature_store.feature_file import Recipe
from modelling.feature_store.ranges import ClientRange
from modelling.features.aggregates import CLIENT
from modelling.features.build import build_features


@dataclass(frozen=True)
class Part:
    """One range to build. tables: folder of the Parquet tables.

    changed: sk_id_curr and DIGEST of those of its applications whose features are to be computed, rising.
    """

    tables: Path
    working: Path
    clients: ClientRange
    changed: pl.DataFrame
    recipe: Recipe

    @property
    def path(self) -> Path:
        """Give the file it is written to."""
        return self.working / f"{self.clients.number:06}.arrow"


@dataclass(frozen=True)
class PartReport:
    """What became of a range: how many of its clients were computed."""

    computed: int


def build_part(part: Part) -> PartReport:
    """Write features and digests of a range's changed clients, by rising number.

    The file stands under its name only when it is whole.
    Raises FeatureStoreError when this process runs other code than the one that planned the work.
    """
    _require_recipe(part.recipe)
    tables = part.clients.tables(part.tables)
    is_whole = part.changed.height == tables.application.height
    rows = tables if is_whole else tables.of_clients(part.changed[CLIENT])
    features = build_features(rows).join(part.changed, on=CLIENT, how="left", maintain_order="left")
    _write_whole(features, part.path)
    return PartReport(computed=part.changed.height)


def _require_recipe(planned: Recipe) -> None:
    ours = Recipe.of_this_code()
    if ours != planned:
        raise FeatureStoreError(
            gettext_noop(
                "The features are to be built by {planned}, and this worker has {ours}; install the same code on both."
            ),
            planned=str(planned),
            ours=str(ours),
        )


def _write_whole(features: pl.DataFrame, path: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".unfinished", delete=False) as beside:
        features.write_ipc(beside)
    Path(beside.name).replace(path)
