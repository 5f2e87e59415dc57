"""Which model versions there are, which one is in force, and the bundle behind each."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from modelling import bundle as bundles
from modelling.bundle import Bundle
from modelling.errors import BundleError, UnknownModelVersionError, gettext_noop
from modelling.memory import keep_for_good
from modelling.models import HeldOutReading, ModelVersion

LIBRARIES = ("lightgbm", "numpy", "polars", "scikit-learn")


def bundles_folder() -> Path:
    """Give the folder all bundles stand in."""
    return Path(settings.BUNDLES_DIR)


def champion() -> ModelVersion:
    """Give the version in force, its long report read when it is asked for.

    Raises UnknownModelVersionError when none was ever promoted.
    """
    found = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).defer("report").first()
    if found is None:
        raise UnknownModelVersionError(gettext_noop("No model version is in force; train one, then promote it."))
    return found


def version(name: str) -> ModelVersion:
    """Give a version by "champion", "latest" or its number. Raises UnknownModelVersionError when there is none."""
    if name == "champion":
        return champion()
    if name != "latest" and not name.isdecimal():
        raise UnknownModelVersionError(f"A model version is 'champion', 'latest' or a number; came {name!r}.")
    wanted = ModelVersion.objects.all() if name == "latest" else ModelVersion.objects.filter(number=int(name))
    found = wanted.order_by("-number").first()
    if found is None:
        known = list(ModelVersion.objects.values_list("number", flat=True)[:10])
        raise UnknownModelVersionError(
            f"There is no model version {name!r}; the last registered are {known or 'none'}."
        )
    return found


def bundle_of(version: ModelVersion) -> Bundle:
    """Give the bundle of a version, verified against its registered digest and read once a process.

    Raises BundleError when a file is missing, changed or unknown.
    """
    return _load(bundles_folder() / version.bundle_path, version.digest)


def fit_bundle_of(version: ModelVersion) -> Bundle:
    """Give the bundle of a version that is to score clients now.

    Raises UnfitBundleError when it reads features that are not computed here, BundleError as `bundle_of` does.
    """
    bundle = bundle_of(version)
    bundle.require_fit()
    return bundle


@transaction.atomic
def register(folder: Path) -> ModelVersion:
    """Register a sealed bundle that stands in the bundles folder; one already registered keeps its number.

    Raises BundleError when it stands elsewhere or does not match its manifest.
    """
    bundle = bundles.load(folder)
    _one_at_a_time()
    known = ModelVersion.objects.filter(digest=bundle.digest).first()
    if known is not None:
        return known
    last = ModelVersion.objects.order_by("-number").first()
    return ModelVersion.objects.create(
        number=last.number + 1 if last else 1,
        digest=bundle.digest,
        bundle_path=_relative(folder),
        features=list(bundle.features),
        metrics=bundle.report["metrics"],
        parameters=bundle.report["parameters"],
        report=bundle.report,
        seed=bundle.lineage.seed,
        snapshot_name=bundle.lineage.snapshot_name,
        snapshot_digest=bundle.lineage.snapshot_digest,
        catalogue_version=bundle.lineage.catalogue_version,
        code_version=code_version(),
        platform=platform_fingerprint(),
        is_demo=bundle.is_demo,
    )


@transaction.atomic
def note_reading(version: ModelVersion, found: Mapping[str, Any]) -> dict[str, int]:
    """Keep that a version was measured on held-out rows; give how often these rows were read, this time included.

    found: what `evaluate` gave.
    """
    HeldOutReading.objects.create(version=version, rows_digest=found["rows_digest"], figures=dict(found))
    readings = HeldOutReading.objects.filter(rows_digest=found["rows_digest"])
    return {
        "by_this_version": readings.filter(version=version).count(),
        "by_any_version": readings.count(),
        "versions": readings.values("version").distinct().order_by().count(),
    }


def champion_before() -> ModelVersion | None:
    """Give the version that was in force before the champion, the last to have been; None when there was none."""
    others = ModelVersion.objects.exclude(state=ModelVersion.State.CHAMPION).filter(promoted_at__isnull=False)
    return others.order_by("-promoted_at").first()


@transaction.atomic
def name_challenger(version: ModelVersion) -> ModelVersion:
    """Let a version stand against the champion; give its row. The champion itself stays as it is."""
    _one_at_a_time()
    version.refresh_from_db()
    if version.state != ModelVersion.State.CHAMPION:
        version.state = ModelVersion.State.CHALLENGER
        version.save(update_fields=["state"])
    return version


@transaction.atomic
def dismiss_challenger(version: ModelVersion) -> ModelVersion:
    """Let a challenger be what it was before: retired when it was once in force, else a candidate."""
    _one_at_a_time()
    version.refresh_from_db()
    if version.state == ModelVersion.State.CHALLENGER:
        version.state = ModelVersion.State.RETIRED if version.promoted_at else ModelVersion.State.CANDIDATE
        version.save(update_fields=["state"])
    return version


@transaction.atomic
def promote(version: ModelVersion, *, actor: AbstractBaseUser | None, note: str = "") -> ModelVersion:
    """Put a version in force and retire the one before it, both or neither; give the row as it now stands.

    actor: the person who does it; None for the system at its first start. The champion itself stays as it is.
    Raises BundleError when the version's bundle is not the one that was registered, or needs other features than these.
    """
    fit_bundle_of(version)
    _one_at_a_time()
    version.refresh_from_db()
    if version.state == ModelVersion.State.CHAMPION:
        return version
    ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).update(state=ModelVersion.State.RETIRED)
    version.state = ModelVersion.State.CHAMPION
    version.promoted_at, version.promoted_note = timezone.now(), note
    version.promoted_by_id = actor.pk if actor else None
    version.save(update_fields=["state", "promoted_at", "promoted_by", "promoted_note"])
    return version


@lru_cache(maxsize=1)
def code_version() -> str:
    """Give the SHA-256 of the lab's own Python files, names and contents, wherever the code was copied to."""
    root = Path(__file__).parent
    seal = sha256()
    for path in sorted(root.rglob("*.py")):
        seal.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return seal.hexdigest()


def platform_fingerprint() -> str:
    """Give system, processor, Python and library versions: byte-identical training is promised within one of these."""
    libraries = [f"{name} {installed(name)}" for name in LIBRARIES]
    return ", ".join([platform.system(), platform.machine(), f"Python {platform.python_version()}", *libraries])


@lru_cache(maxsize=4)
def _load(folder: Path, digest: str) -> Bundle:
    bundle = bundles.load(folder, digest=digest)
    keep_for_good()
    return bundle


def _relative(folder: Path) -> str:
    if folder.resolve().parent != bundles_folder().resolve():
        raise BundleError(f"A bundle is registered from {bundles_folder()}; this one stands in {folder.parent}.")
    return folder.name


def _one_at_a_time() -> None:
    """Hold off other registrations and promotions until the transaction ends; readers go on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE model_version IN SHARE ROW EXCLUSIVE MODE")
