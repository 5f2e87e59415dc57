"""From a range of clients to a file of their features: what no worker needs to know of the others."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelling.errors import FeatureStoreError
from modelling.feature_store.digests import DIGEST, row_digests
from modelling.feature_store.feature_file import Recipe
from modelling.feature_store.ranges import ClientRange
from modelling.features.build import build_features
from modelling.features.tables import Tables

# Fixed, so that the same features give the same bytes.
ROWS_A_GROUP = 16_384


@dataclass(frozen=True)
class Part:
    """One range to build. tables: folder of the Parquet tables. previous: an earlier file of features, or None."""

    tables: Path
    working: Path
    clients: ClientRange
    previous: Path | None
    recipe: Recipe

    @property
    def path(self) -> Path:
        """Give the file it is written to."""
        return self.working / f"{self.clients.number:06}.parquet"


@dataclass(frozen=True)
class PartReport:
    """What became of a range's clients."""

    computed: int
    reused: int


def build_part(part: Part) -> PartReport:
    """Write a range's features and digests: those of clients whose rows are as before are taken over.

    The file stands under its name only when it is whole; it holds the same bytes whatever was taken over.
    Raises FeatureStoreError when this process runs other code than the one that planned the work.
    """
    _require_recipe(part.recipe)
    tables = part.clients.tables(part.tables)
    digests = row_digests(tables)
    kept = _unchanged(part, digests)
    changed = digests.join(kept, on="sk_id_curr", how="anti")
    rows = [frame for frame in (kept, _computed(tables, changed)) if frame.height]
    _write_whole(pl.concat(rows).sort("sk_id_curr"), part.path)
    return PartReport(computed=changed.height, reused=kept.height)


def _require_recipe(planned: Recipe) -> None:
    ours = Recipe.of_this_code()
    if ours != planned:
        raise FeatureStoreError(
            f"The features are to be built by {planned}, and this worker has {ours}; install the same code on both."
        )


def _unchanged(part: Part, digests: pl.DataFrame) -> pl.DataFrame:
    if part.previous is None:
        return digests.clear()
    within = pl.col("sk_id_curr").is_between(part.clients.first, part.clients.last)
    before = pl.scan_parquet(part.previous).filter(within).collect()
    return before.join(digests, on=["sk_id_curr", DIGEST], how="semi")


def _computed(tables: Tables, changed: pl.DataFrame) -> pl.DataFrame:
    if changed.is_empty():
        return changed
    rows = tables if changed.height == tables.application.height else tables.of_clients(changed["sk_id_curr"])
    return build_features(rows).join(changed, on="sk_id_curr", how="left", maintain_order="left")


def _write_whole(features: pl.DataFrame, path: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".unfinished", delete=False) as beside:
        features.write_parquet(beside, row_group_size=ROWS_A_GROUP)
    Path(beside.name).replace(path)
