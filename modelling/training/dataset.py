"""What training reads: a snapshot's tables, and the matrix of its labelled clients."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix, learn_encoding
from modelling.errors import TrainingDataError, gettext_noop
from modelling.feature_store.building import BuildReport, Watch, build_feature_file, unwatched
from modelling.feature_store.clients import FILE as LINES
from modelling.feature_store.feature_file import last_built, read_features, sha256
from modelling.feature_store.pool import threads
from modelling.features.catalogue import admitted
from modelling.features.files import rows_of, scan_table
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.learnt.cases import CLIENT, NOBODY, Cases
from modelling.learnt.lessons import LOOKED_AT
from modelling.quality.profile import PROFILE, Profile, read_profile
from modelling.quality.tally import profile_folder

COLUMNS_AT_ONCE = 100


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

    def outcomes(self) -> pl.DataFrame:
        """Give the clients whose outcome is known, as `outcomes_of` does, and raise what it raises."""
        self.checked_files(("application",))
        return outcomes_of(scan_table(self.folder, "application"))

    def applications_of(self, clients: pl.Series, columns: Sequence[str]) -> pl.DataFrame:
        """Give CLIENT and these columns of the applications of these clients."""
        self.checked_files(("application",))
        rows = scan_table(self.folder, "application").select(CLIENT, *columns)
        return rows.filter(pl.col(CLIENT).is_in(clients.implode())).collect()

    def histories_of(self, clients: pl.Series, names: Collection[str]) -> Tables:
        """Read the rows of these clients in these history tables; the others, and the applications, count as empty."""
        self.checked_files(names)
        is_theirs = pl.col(CLIENT).is_in(clients.implode())
        nobody = pl.DataFrame(schema=TABLES["application"].schema)
        return Tables.of({"application": nobody, **{name: self._rows(name, is_theirs) for name in names}})

    def checked_files(self, names: Collection[str] = tuple(TABLES)) -> dict[str, str]:
        """Give the SHA-256 of these tables by file. Raises TrainingDataError naming one that is missing or changed."""
        return {file: self._checked(file) for file in (f"{name}.parquet" for name in names)}

    def features(self) -> pl.LazyFrame:
        """Give the features of all its clients; those that were not built yet are built now, range after range.

        Raises FeatureStoreError when they were changed since, or another process is building them.
        """
        built = read_features(self.folder, self.files)
        if built is not None:
            return built
        with threads() as pool:
            return self.build_features(pool).file.features()

    def build_features(self, pool: Executor, *, watch: Watch = unwatched) -> BuildReport:
        """Build the features of all its clients, of whom those with the same rows in a snapshot beside are taken over.

        Raises FeatureStoreError and TableSchemaError as `build_feature_file` does.
        """
        beside = [path for path in self.folder.parent.iterdir() if path.is_dir() and not path.is_symlink()]
        previous = last_built([path for path in beside if path != self.folder])
        # A snapshot of an earlier version has no lines of its clients.
        names = (*TABLES, Path(LINES).stem) if (self.folder / LINES).is_file() else tuple(TABLES)
        files = self.checked_files(names)
        return build_feature_file(self.folder, files, pool=pool, previous=previous, watch=watch)

    def profile(self) -> Profile:
        """Give what its tables look like, as noted when it was taken; of one taken before that was, by looking now."""
        noted = self.folder / PROFILE
        return read_profile(noted) if noted.is_file() else profile_folder(self.folder)

    def _rows(self, name: str, chosen: pl.Expr) -> pl.DataFrame:
        return rows_of(TABLES[name], scan_table(self.folder, name).filter(chosen))

    def _checked(self, file: str) -> str:
        path = self.folder / file
        if not path.is_file():
            raise TrainingDataError(
                gettext_noop("Snapshot '{name}' lacks {file}; take a new one."), name=self.name, file=file
            )
        digest = sha256(path)
        if digest != self.files.get(file, digest):
            raise TrainingDataError(
                gettext_noop("{file} of snapshot '{name}' was changed since it was taken; take a new one."),
                name=self.name,
                file=file,
            )
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
        raise TrainingDataError(
            gettext_noop("There is no snapshot '{name}'; known are {known}. Take one first."),
            name=name,
            known=", ".join(sorted(snapshot_names(snapshots))) or "–",
        )
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    return Snapshot(
        folder=folder,
        name=facts["name"],
        digest=facts["digest"],
        is_demo=bool(facts["is_demo"]),
        files=facts.get("files", {}),
    )


def snapshot_names(snapshots: Path) -> list[str]:
    """Give the names of the snapshots there are, the newest first."""
    manifests = [path for path in snapshots.glob("[!.]*/manifest.json") if not path.parent.is_symlink()]
    return [path.parent.name for path in sorted(manifests, key=lambda path: (-path.stat().st_mtime, path))]


def labelled(tables: Tables) -> Tables:
    """Keep the clients whose outcome is known. Raises TrainingDataError when there is none."""
    return tables.of_clients(outcomes_of(tables.application.lazy())[CLIENT])


def outcomes_of(applications: pl.LazyFrame) -> pl.DataFrame:
    """Give CLIENT, target and amt_credit of those whose outcome is known, rising by client.

    Raises TrainingDataError when there is none.
    """
    known = applications.filter(pl.col("target").is_not_null()).select(CLIENT, "target", "amt_credit").sort(CLIENT)
    found = known.collect()
    if found.is_empty():
        came = applications.select(pl.len()).collect().item()
        raise TrainingDataError(
            gettext_noop("None of the {count} applications has a target: nothing to learn."), count=came
        )
    return found


def training_set(
    features: pl.LazyFrame, outcomes: pl.DataFrame, histories: Tables, *, controlled: Sequence[str] = ()
) -> TrainingSet:
    """Admit and encode the features of the clients whose outcome is known.

    features: as `build_features` gives them, of these clients or more. outcomes: as `outcomes_of` gives them.
    histories: the tables that lessons look at. controlled: features that are off unless named. Raises AdmissionError
    for one that is barred or unknown.
    Features that need a lesson are not among them: what a client is told depends on the folds.
    """
    names = admitted(tuple(controlled))
    own = features.filter(pl.col(CLIENT).is_in(outcomes[CLIENT].implode())).sort(CLIENT)
    encoding, values = _encoded(own, names, clients=outcomes.height)
    return TrainingSet(
        client_ids=outcomes[CLIENT].to_numpy(),
        values=values,
        target=outcomes["target"].to_numpy().astype(np.int8),
        credit=outcomes["amt_credit"].fill_null(0).to_numpy().astype(np.float64),
        encoding=encoding,
        cases=Cases(own.select(CLIENT, *LOOKED_AT).collect(), histories),
    )


def _encoded(features: pl.LazyFrame, names: Sequence[str], *, clients: int) -> tuple[Encoding, Matrix]:
    """Encode these features a few at a time: a frame of all of them would need as much memory again."""
    matrix = np.empty((clients, len(names)), dtype=np.float32)
    levels: dict[str, tuple[str, ...]] = {}
    for first in range(0, len(names), COLUMNS_AT_ONCE):
        some = names[first : first + COLUMNS_AT_ONCE]
        frame = features.select(some).collect()
        encoding = learn_encoding(frame, some)
        matrix[:, first : first + len(some)] = encoding.encode(frame)
        levels |= encoding.levels
    return Encoding(tuple(names), levels), matrix


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
