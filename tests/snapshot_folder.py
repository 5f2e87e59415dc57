"""Small snapshot folders for tests of what is built from them."""

from __future__ import annotations

import json
from pathlib import Path

from modelling.feature_store.clients import FILE, client_lines
from modelling.feature_store.feature_file import sha256
from modelling.features.files import as_stored, write_table
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from tests.lab_tables import shuffled


def write_snapshot(folder: Path, tables: Tables) -> dict[str, str]:
    """Write the tables, each client's rows in disorder, and the manifest; returns the SHA-256 of each file by name."""
    folder.mkdir(parents=True)
    stored = as_stored(shuffled(tables, seed=1))
    for name, rows in stored.items():
        write_table(rows.lazy(), TABLES[name], folder)
    client_lines(stored).write_parquet(folder / FILE)
    files = {path.name: sha256(path) for path in sorted(folder.glob("*.parquet"))}
    manifest = {"name": folder.name, "digest": "0" * 64, "is_demo": True, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return files
