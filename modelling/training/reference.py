"""The population a model version was trained on, as its snapshot keeps it: what drift is measured against."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from modelling.training.dataset import Snapshot


def training_frame(snapshot: Snapshot, features: Sequence[str]) -> pl.DataFrame:
    """Give these features of the labelled clients of a snapshot, by `sk_id_curr`.

    Raises TrainingDataError when a table of the snapshot is missing or changed.
    """
    known = snapshot.outcomes()["sk_id_curr"]
    built = snapshot.features()
    return built.filter(pl.col("sk_id_curr").is_in(known.implode())).select("sk_id_curr", *features).collect()


def training_clients(snapshot: Snapshot) -> pl.Series:
    """Give the numbers of the labelled clients of a snapshot: what a version says of them proves nothing."""
    applications = pl.scan_parquet(snapshot.folder / "application.parquet")
    return applications.filter(pl.col("target").is_not_null()).select("sk_id_curr").collect().to_series()
