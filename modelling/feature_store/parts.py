"""From a range of clients to a file of their features: what no worker needs to know of the others."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelling.errors import FeatureStoreError, gettext_noop
from modelling.feature_store.clients import DIGEST
from modelling.feature_store.feature_file import Recipe
from modelling.feature_store.ranges import ClientRange
from modelling.features.build import build_features


@dataclass(frozen=True)
class Part:
    """One range to build. tables: folder of the Parquet tables. previous: an earlier file of features, or None.

    digests: sk_id_curr and DIGEST of its applications, rising.
    """

    tables: Path
    working: Path
    clients: ClientRange
    digests: pl.DataFrame
    previous: Path | None
    recipe: Recipe

    @property
    def path(self) -> Path:
        """Give the file it is written to."""
        return self.working / f"{self.clients.number:06}.arrow"


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
    kept = _unchanged(part)
    changed = part.digests.join(kept, on="sk_id_curr", how="anti", maintain_order="left")
    rows = [frame for frame in (kept, _computed(part, changed)) if frame.height]
    _write_whole(pl.concat(rows).sort("sk_id_curr"), part.path)
    return PartReport(computed=changed.height, reused=kept.height)


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


def _unchanged(part: Part) -> pl.DataFrame:
    if part.previous is None:
        return part.digests.clear()
    within = pl.col("sk_id_curr").is_between(part.clients.first, part.clients.last)
    before = pl.scan_parquet(part.previous).filter(within).collect()
    return before.join(part.digests, on=["sk_id_curr", DIGEST], how="semi")


def _computed(part: Part, changed: pl.DataFrame) -> pl.DataFrame:
    """Build what changed; where nothing did, no table is read."""
    if changed.is_empty():
        return changed
    tables = part.clients.tables(part.tables)
    rows = tables if changed.height == tables.application.height else tables.of_clients(changed["sk_id_curr"])
    return build_features(rows).join(changed, on="sk_id_curr", how="left", maintain_order="left")


def _write_whole(features: pl.DataFrame, path: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".unfinished", delete=False) as beside:
        features.write_ipc(beside)
    Path(beside.name).replace(path)
