"""The file of built features beside a snapshot's tables, and the seal that says what it was built of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path

import polars as pl

from modelling.errors import FeatureStoreError, gettext_noop
from modelling.feature_store.clients import DIGEST
from modelling.features.catalogue import catalogue_version
from modelling.features.schema import TABLES

FILE = "features.parquet"
SEAL = "features.json"


@dataclass(frozen=True)
class Recipe:
    """What features are made by: another catalogue, or another Polars, may give other values."""

    catalogue_version: str
    polars_version: str

    @classmethod
    def of_this_code(cls) -> Recipe:
        """Give that of the code which runs."""
        return cls(catalogue_version(), pl.__version__)


@dataclass(frozen=True)
class FeatureFile:
    """One sealed file. sha256: of the file; tables: SHA-256 of each table it was built of, by file name."""

    folder: Path
    recipe: Recipe
    clients: int
    sha256: str
    tables: Mapping[str, str]

    @property
    def path(self) -> Path:
        """Give the Parquet file: sk_id_curr, the catalogue's features, and the digest of each client's rows."""
        return self.folder / FILE

    def is_intact(self) -> bool:
        """Read the file through and tell whether it is the one that was sealed."""
        return self.path.is_file() and sha256(self.path) == self.sha256

    def features(self) -> pl.LazyFrame:
        """Give what `build_features` gives of all its clients."""
        return pl.scan_parquet(self.path).drop(DIGEST)

    def write_seal(self) -> None:
        """Write the seal, which makes the file count."""
        facts = {name: value for name, value in asdict(self).items() if name != "folder"}
        beside = self.folder / f".{SEAL}"
        beside.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        beside.replace(self.folder / SEAL)


def find_features(folder: Path, tables: Mapping[str, str] | None = None) -> FeatureFile | None:
    """Return what was built in a folder by the recipe of this code, of these tables if given; None if nothing was."""
    seal = folder / SEAL
    if not seal.is_file():
        return None
    facts = json.loads(seal.read_text(encoding="utf-8"))
    found = FeatureFile(**{**facts, "folder": folder, "recipe": Recipe(**facts["recipe"])})
    is_ours = found.recipe == Recipe.of_this_code() and (tables is None or found.tables == table_files(tables))
    return found if is_ours else None


def read_features(folder: Path, tables: Mapping[str, str]) -> pl.LazyFrame | None:
    """Give what `build_features` gives of these tables (SHA-256 by file name), if it was built by this code; or None.

    Raises FeatureStoreError when the file is missing or was changed since.
    """
    built = find_features(folder, tables)
    if built is None:
        return None
    if not built.is_intact():
        raise FeatureStoreError(
            gettext_noop("{file} is missing or was changed since it was built; build the features again."),
            file=str(built.path),
        )
    return built.features()


def last_built(folders: Sequence[Path]) -> FeatureFile | None:
    """Return the file that was sealed last among these folders, of those with the recipe of this code."""
    found = [file for folder in folders if (file := find_features(folder))]
    return max(found, key=lambda file: (file.folder / SEAL).stat().st_mtime_ns, default=None)


def table_files(files: Mapping[str, str]) -> dict[str, str]:
    """Keep the digests of the seven table files among those of a snapshot."""
    return {f"{name}.parquet": files[f"{name}.parquet"] for name in TABLES if f"{name}.parquet" in files}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, however large."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
