"""Laying the population out: the values of every assessed application, in columns beside the database.

The figures of a group of 356,000 clients are read from a few columns in milliseconds; from rows they would take the
database seconds. So a task writes them anew when they have changed, into a folder of their own, and points at it when
it is whole; pages say of what moment they are. Nothing in it is the only copy of anything.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from django.db.models import Count

from applications import sources
from applications.models import Application
from applications.models.assessment import unpack
from applications.selectors.importance import InForce, importance_of
from applications.selectors.population import (
    CURRENT,
    FACTS,
    Population,
    current_population,
    features_to_lay_out,
    population_folder,
)
from applications.services.locks import Deed, alone
from modelling import registry
from modelling.bundle import Bundle
from modelling.columns import Columns, write_columns
from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE
from modelling.features.legal import LegalStatus
from modelling.features.tables import Tables
from modelling.models import ModelVersion
from modelling.neighbours import lay_out

APPLICATIONS_AT_ONCE = 10_000
MOST_ALIKE = 60  # features that count towards likeness: the weightiest
OLDEST = timedelta(days=1)
MOVED_SHARE = 0.01


@dataclass(frozen=True)
class _Assessed:
    """The model version that assessed most applications, and how many."""

    version: ModelVersion
    applications: int


def renew_population(*, now: datetime) -> Columns | None:
    """Lay the population out when it is due; returns None when it is not, or when nothing is assessed.

    It is due when there is none, when another model version assessed most applications, when their number has moved by
    MOVED_SHARE, and once a day.
    """
    assessed, known = _assessed(), current_population()
    if assessed is None or (known is not None and not _is_due(known, assessed, now)):
        return None
    return lay_out_population(now=now)


def lay_out_population(*, now: datetime) -> Columns | None:
    """Write the columns of every application that the most used model version assessed, and let pages read them.

    Returns None when nothing is assessed. Raises BusyError when another process is at it, BundleError when the files of
    that model version are not there.
    """
    assessed = _assessed()
    if assessed is None:
        return None
    with alone(Deed.POPULATION):
        return _write(assessed.version, now)


def likeness_features(used: InForce) -> tuple[str, ...]:
    """Return the weightiest features of a model version that may count towards likeness: neither barred nor controlled.

    Those of external scores count as any other.
    """
    weights = importance_of(used).weights
    ranked = sorted(weights, key=lambda name: weights[name].rank)
    free = (name for name in ranked if name in CATALOGUE and CATALOGUE[name].status is LegalStatus.ADMITTED)
    return tuple(free)[:MOST_ALIKE]


def _assessed() -> _Assessed | None:
    by_version = Application.objects.filter(current_assessment__isnull=False).values(
        "current_assessment__model_version"
    )
    most = by_version.annotate(applications=Count("pk")).order_by("-applications").first()
    if most is None:
        return None
    version = ModelVersion.objects.get(pk=most["current_assessment__model_version"])
    return _Assessed(version, most["applications"])


def _is_due(known: Population, assessed: _Assessed, now: datetime) -> bool:
    is_other = known.version != assessed.version.number
    moved = abs(assessed.applications - len(known)) > MOVED_SHARE * len(known)
    return is_other or moved or now - known.as_of > OLDEST


def _write(version: ModelVersion, now: datetime) -> Columns:
    home = population_folder()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{now:%Y-%m-%dT%H-%M-%S}-", dir=home))
    try:
        columns = _fill(draft, version, now)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _point_at(draft)
    return columns


def _fill(folder: Path, version: ModelVersion, now: datetime) -> Columns:
    bundle = registry.fit_bundle_of(version)
    features = features_to_lay_out(bundle)
    found = Application.objects.filter(current_assessment__model_version=version).order_by("pk")
    numbers = list(found.values_list("pk", flat=True))
    about = {"as_of": now.isoformat(), "version": version.number}
    parts = _parts(numbers, version, bundle, features)
    columns = write_columns(folder, features, parts, most=len(numbers), about=about)
    lay_out(columns, likeness_features(InForce(version, bundle)))
    return columns


def _point_at(folder: Path) -> None:
    """Let pages read this folder from now on; whoever still reads another keeps what he has mapped."""
    link = folder.parent / f".{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(folder.parent / CURRENT)
    for other in folder.parent.iterdir():
        if other.is_dir() and not other.is_symlink() and other != folder:
            shutil.rmtree(other, ignore_errors=True)


def _parts(
    numbers: Sequence[int], version: ModelVersion, bundle: Bundle, features: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """Give the features of so many applications at once; one assessed anew by another version meanwhile is left out."""
    for start in range(0, len(numbers), APPLICATIONS_AT_ONCE):
        these = numbers[start : start + APPLICATIONS_AT_ONCE]
        rows = sources.application_rows(these)
        facts = build_features(Tables.of({"application": rows.drop("client_id")}), FACTS)
        read = _values_read(these, version, bundle, features)
        whose = rows.select("sk_id_curr", "client_id", "target")
        yield whose.join(facts, on="sk_id_curr").join(read, on="sk_id_curr").sort("sk_id_curr")


def _values_read(
    numbers: Sequence[int], version: ModelVersion, bundle: Bundle, features: Sequence[str]
) -> pl.DataFrame:
    """Return, of the features that are not among FACTS, the values that the current assessments were made of."""
    found = Application.objects.filter(pk__in=numbers, current_assessment__model_version=version)
    stored = dict(found.values_list("pk", "current_assessment__values"))
    values = np.stack([unpack(each) for each in stored.values()]) if stored else np.empty((0, len(bundle.features)))
    columns = {
        name: _decoded(values[:, bundle.features.index(name)], bundle.encoding.levels.get(name))
        for name in features
        if name not in FACTS
    }
    return pl.DataFrame({"sk_id_curr": pl.Series([*stored], dtype=pl.Int64), **columns})


def _decoded(values: np.ndarray, levels: tuple[str, ...] | None) -> pl.Series:
    if levels is None:
        return pl.Series(values, dtype=pl.Float32)
    return pl.Series([None if np.isnan(code) else levels[int(code)] for code in values], dtype=pl.String)
