"""Searches of settings on record: Optuna's studies in a schema of their own, in the same PostgreSQL.

Optuna makes and owns the tables of the schema `optuna`; Django's, in `public`, are never seen from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

from modelling.errors import TrainingDataError, UnknownStudyError
from modelling.features.catalogue import catalogue_version
from modelling.training.dataset import Snapshot, open_snapshot
from modelling.training.run import checked_rows
from modelling.training.search import Budget, Search

if TYPE_CHECKING:
    from optuna import Study
    from optuna.storages import RDBStorage
    from optuna.study import StudyDirection
    from optuna.trial import FrozenTrial

SCHEMA = "optuna"
FACTS = "facts"


@dataclass(frozen=True)
class Trial:
    """One set of settings. value: what it reached, None when it was given up; folds: after how many."""

    number: int
    settings: Mapping[str, float | int]
    value: float | None
    folds: int


@dataclass(frozen=True)
class Found:
    """A study as it stands: the trials that ended, in order, and the best of them; None while none has a value.

    facts: what it seeks, and on what.
    """

    name: str
    facts: Mapping[str, Any]
    trials: tuple[Trial, ...]
    best: Trial | None


def tune(name: str, snapshot_name: str, search: Search, budget: Budget, *, watch: Callable[[Found], None]) -> Found:
    """Search until the budget is spent, going on with the study of that name if there is one.

    watch is called with the study as it stands, at once and after each trial. Raises TrainingDataError when the study
    was begun on something else or another process is at it, and what training on the snapshot would.
    """
    from modelling.training import tuning  # noqa: PLC0415 - Optuna and LightGBM, which only a search needs
    from modelling.training.sample import Sample  # noqa: PLC0415 - as above

    snapshot = open_snapshot(Path(settings.SNAPSHOTS_DIR), snapshot_name)
    with _alone_at(name), _storage() as storage:
        study = _begun(name, storage, tuning.direction_of(search.objective), _facts(search, snapshot))
        watch(_found(study))
        rows = checked_rows(snapshot, controlled=search.controlled, folds=search.folds, lessons=search.lessons)
        ground = tuning.Ground.prepare(Sample(rows.values, rows.target, rows.encoding, rows.cases), search)
        tuning.run_trials(study, ground, budget, seed=search.seed, watch=lambda: watch(_found(study)))
        return _found(study)


def study(name: str) -> Found:
    """Give a study as it stands. Raises UnknownStudyError naming those there are."""
    import optuna  # noqa: PLC0415 - as above

    with _storage() as storage:
        known = optuna.get_all_study_names(storage)
        if name not in known:
            raise UnknownStudyError(f"There is no study {name!r}; there are {', '.join(sorted(known)) or 'none'}.")
        return _found(optuna.load_study(study_name=name, storage=storage))


def best_settings(name: str) -> dict[str, float | int]:
    """Give the settings of a study's best trial. Raises UnknownStudyError when it has none yet."""
    best = study(name).best
    if best is None:
        raise UnknownStudyError(f"Study {name!r} has no trial that ended yet; go on with tune_model.")
    return dict(best.settings)


def _facts(search: Search, snapshot: Snapshot) -> dict[str, Any]:
    told = json.loads(json.dumps(asdict(search)))
    return {**told, "snapshot_digest": snapshot.digest, "catalogue_version": catalogue_version()}


def _begun(name: str, storage: RDBStorage, direction: StudyDirection, facts: Mapping[str, Any]) -> Study:
    import optuna  # noqa: PLC0415 - as above

    study = optuna.create_study(study_name=name, storage=storage, direction=direction, load_if_exists=True)
    if FACTS not in study.user_attrs:
        study.set_user_attr(FACTS, dict(facts))
    before = study.user_attrs[FACTS]
    changed = [f"{key} {before.get(key)!r}, not {value!r}" for key, value in facts.items() if before.get(key) != value]
    if changed:
        raise TrainingDataError(f"Study {name!r} was begun with {'; '.join(changed)}. Begin another under a new name.")
    return study


def _found(study: Study) -> Found:
    from modelling.training import tuning  # noqa: PLC0415 - as above

    trials = tuple(_trial(place, trial) for place, trial in enumerate(tuning.ended(study)))
    sign = -1 if study.direction.name == "MINIMIZE" else 1
    with_value = [trial for trial in trials if trial.value is not None]
    best = max(with_value, key=lambda trial: sign * (trial.value or 0.0), default=None)
    return Found(study.study_name, study.user_attrs[FACTS], trials, best)


def _trial(place: int, trial: FrozenTrial) -> Trial:
    # Optuna gives a trial that was given up the value of its last fold.
    value = trial.value if trial.state.name == "COMPLETE" else None
    return Trial(place, trial.params, value, len(trial.intermediate_values))


@contextmanager
def _alone_at(name: str) -> Iterator[None]:
    """Hold a study for this process. Raises TrainingDataError when another one is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('study'), hashtext(%s))", [name])
        if not cursor.fetchone()[0]:
            raise TrainingDataError(f"Another process is at study {name!r}; wait until it is done.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('study'), hashtext(%s))", [name])


@contextmanager
def _storage() -> Iterator[RDBStorage]:
    """Give Optuna's storage in its own schema of our database."""
    from optuna import logging  # noqa: PLC0415 - as above
    from optuna.storages import RDBStorage  # noqa: PLC0415 - as above
    from sqlalchemy import URL  # noqa: PLC0415 - as above

    logging.set_verbosity(logging.WARNING)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    ours = connection.settings_dict
    address = URL.create(
        "postgresql+psycopg2", ours["USER"], ours["PASSWORD"], ours["HOST"], int(ours["PORT"] or 5432), ours["NAME"]
    )
    in_schema = {"connect_args": {"options": f"-csearch_path={SCHEMA}"}}
    storage = RDBStorage(address.render_as_string(hide_password=False), engine_kwargs=in_schema)
    try:
        yield storage
    finally:
        storage.engine.dispose()
