"""Restoring a backup into an empty installation, and checking that it is whole: counts, audit chain, probabilities."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import pyrage
from django.conf import settings
from django.db import connection
from django.db.models import F

from applications import audit, sources
from applications.errors import BackupError
from applications.models import Assessment, Kind
from applications.models.assessment import unpack
from applications.services.backup import keys, programs
from applications.services.backup.making import BUNDLES, DUMP, START
from applications.services.backup.manifest import Manifest, audit_head, row_counts
from modelling import registry
from modelling.explanation import explain
from modelling.scoring import score

RECOMPUTED = 100


@dataclass(frozen=True)
class Restored:
    """A backup that was restored and found whole. recomputed: assessments computed again, each equal to the bit."""

    made_at: str
    rows: int
    recomputed: int


def restore(archive: Path, *, key: Path) -> Restored:
    """Restore a backup into an empty database and bundles folder, check it, and write an audit event about it.

    Raises BackupError, with nothing changed, when the key does not open the archive, a file in it is not as its
    manifest says, or something is there already; and, everything restored, when a check afterwards fails.
    """
    _refuse_unless_empty()
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.STATE_DIR) as name:
        folder = Path(name)
        _open(archive, folder, keys.identity(key))
        manifest = Manifest.read(folder)
        programs.load(folder / DUMP)
        _put_back(folder)
    recomputed = _check(manifest)
    restored = Restored(manifest.made_at, sum(manifest.tables.values()), recomputed)
    data = {"rows": restored.rows, "recomputed": recomputed}
    audit.record(Kind.BACKUP_RESTORED, actor=None, subject=("backup", manifest.made_at), data=data)
    return restored


def _refuse_unless_empty() -> None:
    if tables := connection.introspection.table_names():
        raise BackupError(
            f"The database has {len(tables)} tables already: a backup is restored into an empty one, such as that of a "
            "new state folder (--state)."
        )
    bundles = Path(settings.BUNDLES_DIR)
    if bundles.is_dir() and any(bundles.iterdir()):
        raise BackupError(f"The bundles folder {bundles} is not empty: restore into a new state folder (--state).")


def _open(archive: Path, folder: Path, key: pyrage.x25519.Identity) -> None:
    bare = folder / "content.tar"
    try:
        pyrage.decrypt_file(str(archive), str(bare), [key])
    except (pyrage.DecryptError, OSError) as error:
        raise BackupError(
            f"{archive} cannot be opened with this key, or is no backup, or is damaged: {error}."
        ) from error
    with tarfile.open(bare) as content:
        content.extractall(folder, filter="data")
    bare.unlink()


def _put_back(folder: Path) -> None:
    if (folder / BUNDLES).is_dir():
        shutil.copytree(folder / BUNDLES, Path(settings.BUNDLES_DIR), dirs_exist_ok=True)
    if (folder / START).exists():
        shutil.copyfile(folder / START, Path(settings.STATE_DIR) / START)


def _check(manifest: Manifest) -> int:
    """Return how many assessments were computed again; raises BackupError at the first thing that is not as it was."""
    counts = row_counts()
    if different := [name for name, rows in manifest.tables.items() if counts.get(name) != rows]:
        raise BackupError(f"Restored, but these tables have other numbers of rows than in the manifest: {different}.")
    if (broken := audit.first_broken_link()) or audit_head() != manifest.audit_head:
        raise BackupError(f"Restored, but the audit log is not what was backed up: {broken or 'another last event'}.")
    return _recompute()


def _recompute() -> int:
    """Compute assessments again that the present facts still belong to, spread over all of them."""
    current = Assessment.objects.filter(application_version=F("application__version"))
    chosen = current.order_by("model_version_id", "probability", "pk")
    step = max(1, chosen.count() // RECOMPUTED)
    picked = list(chosen.select_related("model_version", "application"))[::step][:RECOMPUTED]
    for _, same in groupby(picked, key=lambda assessment: assessment.model_version_id):
        _compare(list(same))
    return len(picked)


def _compare(stored: Sequence[Assessment]) -> None:
    bundle = registry.bundle_of(stored[0].model_version)
    by_number = {assessment.application_id: assessment for assessment in stored}
    scored = score(bundle, sources.tables_of(list(by_number)))
    explained = explain(bundle, scored)
    for row, number in enumerate(scored.client_ids):
        was = by_number[int(number)]
        is_same = float(scored.probability[row]) == was.probability
        # Of many clients contributions are looked up, of one LightGBM's own: the last bit of a float32 may differ.
        if not is_same or not np.allclose(explained.contributions[row], unpack(was.contributions), rtol=0, atol=1e-6):
            raise BackupError(f"Restored, but assessment {was.pk} comes out otherwise when computed again.")
