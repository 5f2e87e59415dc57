"""What training reads: a snapshot's tables, and the matrix of its labelled clients."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix, learn_encoding
from modelling.errors import TrainingDataError
from modelling.feature_store.feature_file import read_features, sha256
from modelling.features.build import build_features
from modelling.features.catalogue import admitted
from modelling.features.files import rows_of, scan_table
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.learnt.cases import CLIENT, NOBODY, Cases
from modelling.learnt.lessons import LOOKED_AT
from modelling.quality.profile import PROFILE, Profile, read_profile
from modelling.quality.tally import profile_folder


@dataclass(frozen=True)
class Snapshot:
    """A dated folder of Parquet tables, by its manifest. files: SHA-256 by path inside the folder."""

    folder: Path
    name: str
    digest: str
    is_demo: bool
    files: Mapping[str, str]

    def tables(self, names: Collection[str] = tuple(TABLES)) -> Tables:
        """Read these tables; the others count as empty. Raises TrainingDataError as `checked_files` does."""
        self.checked_files(names)
        return Tables.of({name: rows_of(TABLES[name], scan_table(self.folder, name)) for name in names})

    def tables_of(self, clients: pl.Series) -> Tables:
        """Read the rows of these clients alone."""
        self.checked_files()
        is_theirs = pl.col(CLIENT).is_in(clients.implode())
        whose = {name: is_theirs for name in TABLES if name != "bureau_balance"}
        found = {name: self._rows(name, chosen) for name, chosen in whose.items()}
        loans = pl.col("sk_id_bureau").is_in(found["bureau"]["sk_id_bureau"].implode())
        return Tables.of({**found, "bureau_balance": self._rows("bureau_balance", loans)})

    def checked_files(self, names: Collection[str] = tuple(TABLES)) -> dict[str, str]:
        """Give the SHA-256 of these tables by file. Raises TrainingDataError naming one that is missing or changed."""
        return {file: self._checked(file) for file in (f"{name}.parquet" for name in names)}

    def features(self) -> pl.LazyFrame | None:
        """Give the features of all its clients if they were built; raises FeatureStoreError when changed since."""
        return read_features(self.folder, self.files)

    def profile(self) -> Profile:
        """Give what its tables look like, as noted when it was taken; of one taken before that was, by looking now."""
        noted = self.folder / PROFILE
        return read_profile(noted) if noted.is_file() else profile_folder(self.folder)

    def _rows(self, name: str, chosen: pl.Expr) -> pl.DataFrame:
        return rows_of(TABLES[name], scan_table(self.folder, name).filter(chosen))

    def _checked(self, file: str) -> str:
        path = self.folder / file
        if not path.is_file():
            raise TrainingDataError(f"Snapshot {self.name!r} lacks {file}; take a new one.")
        digest = sha256(path)
        if digest != self.files.get(file, digest):
            raise TrainingDataError(f"{file} of snapshot {self.name!r} was changed since it was taken; take a new one.")
        return digest


@dataclass(frozen=True)
class TrainingSet:
    """The labelled clients, in rising order of number.

    values: n × k, encoded. target: n, 1 for a default. credit: n, the amount asked for, 0 where it is not known.
    cases: what lessons look at, of these clients.
    """

    client_ids: NDArray[np.int64]
    values: Matrix
    target: NDArray[np.int8]
    credit: NDArray[np.float64]
    encoding: Encoding
    cases: Cases = NOBODY


def open_snapshot(snapshots: Path, name: str) -> Snapshot:
    """Find a snapshot by name, or the last one by "latest". Raises TrainingDataError when it is not there."""
    folder = (snapshots / name).resolve()
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        known = sorted(
            path.parent.name for path in snapshots.glob("[!.]*/manifest.json") if not path.parent.is_symlink()
        )
        raise TrainingDataError(f"There is no snapshot {name!r}; known are {known or 'none'}. Take one first.")
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    return Snapshot(
        folder=folder,
        name=facts["name"],
        digest=facts["digest"],
        is_demo=bool(facts["is_demo"]),
        files=facts.get("files", {}),
    )


def labelled(tables: Tables) -> Tables:
    """Keep the clients whose outcome is known. Raises TrainingDataError when there is none."""
    known = tables.application.filter(pl.col("target").is_not_null())["sk_id_curr"]
    if known.is_empty():
        raise TrainingDataError(f"None of the {tables.application.height} applications has a target: nothing to learn.")
    return tables.of_clients(known)


def training_set(tables: Tables, *, controlled: Sequence[str] = (), built: pl.LazyFrame | None = None) -> TrainingSet:
    """Compute, admit and encode the features of the labelled clients.

    controlled: features that are off unless named. Raises AdmissionError for one that is barred or unknown.
    Features that need a lesson are not among them: what a client is told depends on the folds.
    built: the features of all clients, where they are at hand; then no table is needed but the application and those
    that lessons look at.
    """
    features = admitted(tuple(controlled))
    tables = labelled(tables)
    frame = build_features(tables, features) if built is None else _features_of(tables.application["sk_id_curr"], built)
    encoding = learn_encoding(frame, features)
    outcomes = frame.select("sk_id_curr").join(
        tables.application.select("sk_id_curr", "target", "amt_credit"), on="sk_id_curr", how="left"
    )
    return TrainingSet(
        client_ids=frame["sk_id_curr"].to_numpy(),
        values=encoding.encode(frame),
        target=outcomes["target"].to_numpy().astype(np.int8),
        credit=outcomes["amt_credit"].fill_null(0).to_numpy().astype(np.float64),
        encoding=encoding,
        cases=Cases(frame.select(CLIENT, *LOOKED_AT), tables),
    )


def sampled(rows: TrainingSet, clients: int, *, seed: int) -> TrainingSet:
    """Draw that many clients, or keep all when there are no more. Raises TrainingDataError for less than one."""
    if clients < 1:
        raise TrainingDataError(f"At least one client is drawn; came {clients}.")
    chosen = np.sort(np.random.default_rng(seed).permutation(len(rows.target))[:clients])
    return replace(
        rows,
        client_ids=rows.client_ids[chosen],
        values=rows.values[chosen],
        target=rows.target[chosen],
        credit=rows.credit[chosen],
        cases=rows.cases.at(chosen) if len(rows.cases) else NOBODY,
    )


def _features_of(clients: pl.Series, built: pl.LazyFrame) -> pl.DataFrame:
    return built.filter(pl.col("sk_id_curr").is_in(clients.implode())).collect()
