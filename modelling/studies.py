"""Searches of settings on record: Optuna's studies in a schema of their own, in the same PostgreSQL.

Optuna makes and owns the tables of the schema `optuna`; Django's, in `public`, are never seen from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.utils import timezone

from modelling.attempts import CancelledError, cancellable, close_lost, ended_by, own_backend, take_up
from modelling.errors import TrainingDataError, UnknownStudyError, gettext_noop
from modelling.features.catalogue import admitted, catalogue_version
from modelling.models import State
from modelling.models import Study as StudyRow
from modelling.snapshots import check_outcomes, snapshot_to_learn_from
from modelling.training.dataset import Snapshot, open_snapshot
from modelling.training.run import checked_rows
from modelling.training.search import Budget, Search

if TYPE_CHECKING:
    from optuna import Study
    from optuna.storages import RDBStorage
    from optuna.trial import FrozenTrial

SCHEMA = "optuna"
FACTS = "facts"
NAME = re.compile(r"\A[-\w]{1,60}\Z", re.ASCII)


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


Watch = Callable[[Found], None]


def tune(name: str, snapshot_name: str, search: Search, budget: Budget, *, watch: Watch) -> Found:
    """Search until the budget is spent, going on with the study of that name if there is one.

    watch is called with the study as it stands, at once and after each trial. Raises TrainingDataError when the study
    was begun on something else or another process is at it, and what training on the snapshot would.
    """
    _check_name(name)
    snapshot = open_snapshot(Path(settings.SNAPSHOTS_DIR), snapshot_name)
    with _alone_at(name), _storage() as storage:
        study = _begun(name, storage, search, snapshot)
        row = _row(name, snapshot, search, budget, state=State.RUNNING, backend_pid=own_backend())
        with ended_by(row):
            return _searched(row, study, snapshot, watch)


def order_study(
    name: str, snapshot_name: str, search: Search, budget: Budget, *, asked_by: AbstractBaseUser
) -> StudyRow:
    """Write down that a study is to be begun or gone on with; whoever calls `carry_out` with it searches.

    Raises TrainingDataError when it is at work already or was begun on something else, and what of the rest can be
    told at once.
    """
    _check_name(name)
    snapshot = snapshot_to_learn_from(snapshot_name)
    admitted(search.controlled)
    check_outcomes(snapshot, folds=search.folds)
    known = StudyRow.objects.filter(name=name).first()
    if known is not None and State(known.state).is_open:
        raise TrainingDataError(gettext_noop("Study '{name}' is at work already; wait until it is done."), name=name)
    if known is not None:
        _check_same(name, known.asked, _facts(search, snapshot))
    return _row(name, snapshot, search, budget, state=State.QUEUED, asked_by_id=asked_by.pk)


def carry_out(row: StudyRow, *, alive: Callable[[], None]) -> Found | None:
    """Search as a queued study asks, in this process; None when it is not queued any more, or was cancelled meanwhile.

    alive is called again and again meanwhile. Errors are written down, and raised again.
    """
    close_lost()
    if not take_up(row):
        return None
    try:
        with cancellable(row, alive=alive), ended_by(row), _alone_at(row.name), _storage() as storage:
            search, snapshot = Search.of_json(row.asked), snapshot_to_learn_from(row.snapshot_name)
            return _searched(row, _begun(row.name, storage, search, snapshot), snapshot, lambda _found: None)
    except CancelledError:
        return None


def _searched(row: StudyRow, study: Study, snapshot: Snapshot, watch: Watch) -> Found:
    from modelling.training import tuning  # noqa: PLC0415 - Optuna and LightGBM, which only a search needs
    from modelling.training.sample import Sample  # noqa: PLC0415 - as above

    def noted() -> None:
        found = _found(study)
        row.results = [asdict(trial) for trial in found.trials]
        row.save(update_fields=["results"])
        watch(found)

    noted()
    search = Search.of_json(row.asked)
    rows = checked_rows(snapshot, controlled=search.controlled, folds=search.folds, lessons=search.lessons)
    ground = tuning.Ground.prepare(Sample(rows.values, rows.target, rows.encoding, rows.cases), search)
    tuning.run_trials(study, ground, Budget(row.trials, row.minutes), seed=search.seed, watch=noted)
    row.importance = tuning.importance(study)
    return _found(study)


def _row(name: str, snapshot: Snapshot, search: Search, budget: Budget, **facts: Any) -> StudyRow:
    known = StudyRow.objects.filter(name=name).first()
    before = len(known.results) if known else 0
    anew: dict[str, Any] = {
        "started_at": timezone.now(),
        "finished_at": None,
        "error": "",
        "failure": {},
        "trials_before": before,
    }
    asked = {"snapshot_name": snapshot.name, "seed": search.seed, "asked": _facts(search, snapshot)}
    row, _is_new = StudyRow.objects.update_or_create(name=name, defaults={**anew, **asked, **asdict(budget), **facts})
    row.refresh_from_db()
    return row


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
    return {**search.to_json(), "snapshot_digest": snapshot.digest, "catalogue_version": catalogue_version()}


def _begun(name: str, storage: RDBStorage, search: Search, snapshot: Snapshot) -> Study:
    import optuna  # noqa: PLC0415 - as above

    from modelling.training import tuning  # noqa: PLC0415 - as above

    direction, facts = tuning.direction_of(search.objective), _facts(search, snapshot)
    study = optuna.create_study(study_name=name, storage=storage, direction=direction, load_if_exists=True)
    if FACTS not in study.user_attrs:
        study.set_user_attr(FACTS, facts)
    _check_same(name, study.user_attrs[FACTS], facts)
    return study


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise TrainingDataError(
            gettext_noop("A study's name is of letters without accents, digits, - and _, 60 at most; came '{name}'."),
            name=name,
        )


def _check_same(name: str, before: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    changed = [f"{key} {before.get(key)!r}, not {value!r}" for key, value in facts.items() if before.get(key) != value]
    if changed:
        raise TrainingDataError(
            gettext_noop("Study '{name}' was begun with {changed}. Begin another under a new name."),
            name=name,
            changed="; ".join(changed),
        )


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
            raise TrainingDataError(
                gettext_noop("Another process is at study '{name}'; wait until it is done."), name=name
            )
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
