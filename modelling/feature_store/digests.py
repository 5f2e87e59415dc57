"""One number a client that changes with any of the client's rows, whatever their order."""

from __future__ import annotations

import polars as pl

from modelling.features.schema import TABLES
from modelling.features.tables import Tables

DIGEST = "rows_digest"


def row_digests(tables: Tables) -> pl.DataFrame:
    """Return sk_id_curr and DIGEST (UInt64), one row a client, ascending.

    A row's hash is seeded by its table; a client's is their sum modulo 2^64, so that repeated rows count and order does
    not. An outcome is left out: no feature reads it. Polars keeps its hashes from process to process, and from version
    to version not: compare them within one version.
    """
    credits_elsewhere = tables.bureau.select("sk_id_bureau", "sk_id_curr")
    balances = tables.bureau_balance.join(credits_elsewhere, on="sk_id_bureau", how="inner")
    frames = {name: balances if name == "bureau_balance" else getattr(tables, name) for name in TABLES}
    hashed = pl.concat(_hashed(rows, seed) for seed, rows in enumerate(frames.values()))
    return hashed.group_by("sk_id_curr").agg(pl.col(DIGEST).sum()).sort("sk_id_curr")


def _hashed(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    said = rows.drop("target", strict=False).with_columns(pl.col(pl.Categorical).cast(pl.String))
    hashes = said.hash_rows(seed=seed)
    return pl.DataFrame({"sk_id_curr": rows["sk_id_curr"], DIGEST: hashes})
