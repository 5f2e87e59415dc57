"""Handing a bundle out: what was registered, byte for byte, and who took it."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import transaction

from applications import audit
from applications.models import Kind, User
from modelling import bundle as bundles
from modelling import registry
from modelling.models import ModelVersion

# The earliest a zip can tell: the same bundle gives the same bytes whenever it is taken.
NO_DATE = (1980, 1, 1, 0, 0, 0)


@transaction.atomic
def take_bundle(version: ModelVersion, *, actor: User) -> bytes:
    """Return a version's bundle as a zip, checked against its registered digest, and record who took it.

    Raises BundleError when a file is missing or changed.
    """
    folder = registry.bundles_folder() / version.bundle_path
    bundles.load(folder, digest=version.digest)
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for path in sorted(folder.iterdir()):
            entry = ZipInfo(f"{folder.name}/{path.name}", NO_DATE)
            archive.writestr(entry, path.read_bytes(), compress_type=ZIP_DEFLATED)
    facts = {"number": version.number, "digest": version.digest}
    audit.record(Kind.BUNDLE_DOWNLOADED, actor=actor, subject=version, data=facts)
    return stream.getvalue()
