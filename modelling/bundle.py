"""A trained bundle: a folder with all that scoring and explaining need, sealed by a manifest; no file is a pickle.

    booster.txt       the trees, LightGBM's own text
    encoding.json     features in matrix order, levels of each category
    calibration.json  from raw to calibrated log-odds
    population.json   what the training population looked like
    report.json       measured quality, threshold, folds, parameters
    influence.json    how much each feature moves the probabilities of the training population
    tables.json       what the tables it was trained on looked like
    lessons.json      what the population taught, where a feature needs it
    bundle.json       where it comes from
    MANIFEST.json     SHA-256 of each file above; its own SHA-256 is the bundle's digest

No file holds a time or a path, so the same snapshot and seed give the same bytes on the same platform.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from modelling.encoding import Encoding
from modelling.errors import BundleError, gettext_noop
from modelling.influence import Influence
from modelling.learnt.lessons import Lessons
from modelling.population import Population
from modelling.quality.profile import Profile
from modelling.recalibration import Recalibration, recalibration_of_json

if TYPE_CHECKING:
    from lightgbm import Booster

Read = TypeVar("Read")
FORMAT = 1
MANIFEST = "MANIFEST.json"
FILES = ("booster.txt", "encoding.json", "calibration.json", "population.json", "report.json", "bundle.json")
# Bundles sealed before these were measured lack them.
INFLUENCE = "influence.json"
TABLES = "tables.json"
LESSONS = "lessons.json"  # only where there are any


@dataclass(frozen=True)
class Lineage:
    """Where a bundle comes from; no times and no paths."""

    snapshot_name: str
    snapshot_digest: str
    catalogue_version: str
    controlled: tuple[str, ...]
    seed: int
    is_demo: bool


@dataclass(frozen=True)
class Parts:
    """What training hands over to be sealed.

    trees: the booster as LightGBM text. report: plain JSON values, no NaN.
    """

    trees: str
    encoding: Encoding
    calibration: Recalibration
    population: Population
    influence: Influence
    tables: Profile
    lessons: Lessons
    report: Mapping[str, Any]
    lineage: Lineage


@dataclass(frozen=True)
class Bundle:
    """A verified bundle, read once and then only used. `digest` names it: the SHA-256 of its manifest.

    influence, tables: None in a bundle sealed before they were measured.
    """

    folder: Path
    digest: str
    trees: str
    encoding: Encoding
    calibration: Recalibration
    population: Population
    influence: Influence | None
    tables: Profile | None
    lessons: Lessons
    report: Mapping[str, Any]
    lineage: Lineage

    @property
    def features(self) -> tuple[str, ...]:
        """Give the features in the order of the matrix."""
        return self.encoding.features

    @property
    def is_demo(self) -> bool:
        """Say whether it was trained on made-up clients."""
        return self.lineage.is_demo

    def require_fit(self) -> None:
        """Raise UnfitBundleError, naming what is lacking, unless this code computes every feature it reads."""
        self.encoding.require_among(self.lessons.computable())

    @cached_property
    def booster(self) -> Booster:
        """Give the trees, ready to predict raw log-odds."""
        # It brings pandas and scikit-learn, two seconds that a page or command that scores nothing need not wait for.
        import lightgbm  # noqa: PLC0415

        return lightgbm.Booster(model_str=self.trees)


def write(shelf: Path, parts: Parts) -> Path:
    """Seal a bundle in a folder of `shelf` named after its digest, and give that folder.

    All or nothing: it is written beside and renamed. A bundle of the same bytes that stands there already is kept.
    """
    shelf.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=shelf))
    try:
        for name, text in _texts(parts).items():
            (draft / name).write_text(text, encoding="utf-8")
        (draft / MANIFEST).write_text(_canonical(_sums(draft)), encoding="utf-8")
        folder = shelf / _sha256(draft / MANIFEST)[:16]
        if not folder.exists():
            draft.chmod(0o755)
            draft.rename(folder)
        return folder
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def load(folder: Path, *, digest: str | None = None) -> Bundle:
    """Read a bundle after checking every byte of it.

    digest: the one it was registered with; None to take the manifest's own.
    Raises BundleError naming the file that is missing, changed, unknown or of another kind, or the digest that differs.
    """
    found = _verified_digest(folder)
    if digest is not None and found != digest:
        raise BundleError(
            gettext_noop("{file} was changed: its digest is {found}, registered was {digest}."),
            file=str(folder / MANIFEST),
            found=found,
            digest=digest,
        )
    has = {path.name for path in folder.iterdir()}
    return Bundle(
        folder=folder,
        digest=found,
        trees=(folder / "booster.txt").read_text(encoding="utf-8"),
        encoding=_read(folder, "encoding.json", Encoding.of_json),
        calibration=_read(folder, "calibration.json", recalibration_of_json),
        population=_read(folder, "population.json", Population.of_json),
        influence=_read(folder, INFLUENCE, Influence.of_json) if INFLUENCE in has else None,
        tables=_read(folder, TABLES, Profile.of_json) if TABLES in has else None,
        lessons=_read(folder, LESSONS, Lessons.of_json) if LESSONS in has else Lessons({}),
        report=_read(folder, "report.json", dict),
        lineage=_read(folder, "bundle.json", _lineage),
    )


def _texts(parts: Parts) -> dict[str, str]:
    lessons = parts.lessons.to_json()
    return {
        "booster.txt": parts.trees,
        "encoding.json": _canonical(parts.encoding.to_json()),
        "calibration.json": _canonical(parts.calibration.to_json()),
        "population.json": _canonical(parts.population.to_json()),
        INFLUENCE: _canonical(parts.influence.to_json()),
        TABLES: _canonical(parts.tables.to_json()),
        **({LESSONS: _canonical(lessons)} if lessons else {}),
        "report.json": _canonical(parts.report),
        "bundle.json": _canonical({"format": FORMAT, **asdict(parts.lineage)}),
    }


def _canonical(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1) + "\n"


def _read(folder: Path, file: str, read: Callable[[Any], Read]) -> Read:
    try:
        return read(json.loads((folder / file).read_text(encoding="utf-8")))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise BundleError(
            gettext_noop(
                "{file} is not what this version reads ({kind}: {error}); take the bundle as it was sealed, or "
                "train a new one."
            ),
            file=str(folder / file),
            kind=type(error).__name__,
            error=str(error),
        ) from error


def _lineage(facts: dict[str, Any]) -> Lineage:
    if facts.pop("format") != FORMAT:
        raise BundleError(
            gettext_noop("This version reads bundles of format {format} only; train a new one."), format=str(FORMAT)
        )
    return Lineage(**{**facts, "controlled": tuple(facts["controlled"])})


def _verified_digest(folder: Path) -> str:
    if not (folder / MANIFEST).is_file():
        raise BundleError(
            gettext_noop("There is no bundle in {folder}: {file} is missing."), folder=str(folder), file=MANIFEST
        )
    expected = json.loads((folder / MANIFEST).read_bytes())
    present = {path.name for path in folder.iterdir()} - {MANIFEST}
    for name in sorted(set(expected) | set(FILES)):
        if name not in present:
            raise BundleError(gettext_noop("The bundle in {folder} lacks {file}."), folder=str(folder), file=name)
    for name in sorted(present - set(expected)):
        raise BundleError(
            gettext_noop("The bundle in {folder} holds {file}, which its manifest does not name."),
            folder=str(folder),
            file=name,
        )
    for name, digest in _sums(folder).items():
        if digest != expected[name]:
            raise BundleError(
                gettext_noop("{file} was changed since it was sealed: its SHA-256 is {digest}."),
                file=str(folder / name),
                digest=digest,
            )
    return _sha256(folder / MANIFEST)


def _sums(folder: Path) -> dict[str, str]:
    return {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.name != MANIFEST}


def _sha256(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
