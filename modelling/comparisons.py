"""Comparing as an act on record: each comparison is a row that fills as candidates are done and can be gone on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone

from modelling import registry
from modelling.attempts import close_lost, own_backend
from modelling.errors import TrainingDataError
from modelling.features.catalogue import admitted
from modelling.features.feature import Lesson
from modelling.models import ComparisonRun, State
from modelling.snapshots import snapshot_to_learn_from
from modelling.training.candidates import CANDIDATES
from modelling.training.choices import read_choices
from modelling.training.comparison import Conditions, Watch, compare, unwatched
from modelling.training.cost import Terms
from modelling.training.dataset import Snapshot, TrainingSet, sampled
from modelling.training.parameters import USUAL_LESSONS
from modelling.training.run import checked_rows
from modelling.training.sampling import TREATMENTS

Subject = ComparisonRun.Subject
KNOWN: Mapping[str, Sequence[str]] = {Subject.MODELS: tuple(CANDIDATES), Subject.SAMPLING: tuple(TREATMENTS)}


@dataclass(frozen=True)
class Order:
    """What to compare, and how.

    names: of candidates, all by default. clients: that many labelled clients drawn by the seed, all by default.
    choices: a TOML file of choices for single columns. controlled: features switched on by name. lessons: that the
    population teaches.
    """

    subject: str
    snapshot: str = "latest"
    names: tuple[str, ...] = ()
    seed: int = 0
    folds: int = 5
    terms: Terms = field(default_factory=Terms)
    controlled: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = USUAL_LESSONS
    clients: int | None = None
    choices: Path | None = None
    is_resumed: bool = False


def run_comparison(order: Order, *, watch: Watch = unwatched) -> ComparisonRun:
    """Compare as ordered and give the finished row; what is done is kept when it fails or is stopped.

    watch is called with a candidate's name and how many of its folds are done.
    Raises TrainingDataError and its kin, each with a sentence for a person.
    """
    snapshot, conditions = snapshot_to_learn_from(order.snapshot), _conditions(order)
    names = _names(order)
    close_lost()
    run = _resumed(order, snapshot, conditions) if order.is_resumed else _new(order, snapshot, conditions)
    run.names, run.folds_done = list(names), order.folds * sum(name in run.results for name in names)
    run.save()
    try:
        _fill(run, _rows(order, snapshot), conditions, watch)
    except BaseException as error:
        _end(run, State.FAILED, error=str(error) or type(error).__name__)
        raise
    _end(run, State.DONE)
    return run


def _end(run: ComparisonRun, state: State, *, error: str = "") -> None:
    run.state, run.error, run.finished_at = state, error, timezone.now()
    run.save()


def _fill(run: ComparisonRun, rows: TrainingSet, conditions: Conditions, watch: Watch) -> None:
    left = [name for name in run.names if name not in run.results]
    before = run.folds_done

    def watched(name: str, fold: int) -> None:
        run.folds_done = before + left.index(name) * conditions.folds + fold
        run.save(update_fields=["folds_done"])
        watch(name, fold)

    for measured in compare(rows, left, conditions, watch=watched) if left else ():
        run.results[measured.name] = measured.to_json()
        run.save(update_fields=["results"])


def _conditions(order: Order) -> Conditions:
    features = admitted(order.controlled, order.lessons)
    forced = read_choices(order.choices, features) if order.choices else {}
    return Conditions(order.seed, order.folds, order.terms, order.lessons, forced)


def _names(order: Order) -> tuple[str, ...]:
    known = tuple(KNOWN[order.subject])
    unknown = [name for name in order.names if name not in known]
    if unknown:
        raise TrainingDataError(f"There is no candidate {', '.join(unknown)}; there are {', '.join(known)}.")
    return order.names or known


def _rows(order: Order, snapshot: Snapshot) -> TrainingSet:
    rows = checked_rows(snapshot, controlled=order.controlled, folds=order.folds, lessons=order.lessons)
    return rows if order.clients is None else sampled(rows, order.clients, seed=order.seed)


def _facts(order: Order, snapshot: Snapshot, conditions: Conditions) -> dict[str, Any]:
    """Give what figures depend on: with the same facts, they are the same."""
    return {
        "subject": order.subject,
        "snapshot_digest": snapshot.digest,
        "seed": order.seed,
        "conditions": {
            "folds": order.folds,
            "terms": asdict(order.terms),
            "forced": {column: dict(chosen) for column, chosen in conditions.forced.items()},
            "controlled": list(order.controlled),
            "lessons": list(order.lessons),
            "clients": order.clients,
            "code_version": registry.code_version(),
        },
    }


def _new(order: Order, snapshot: Snapshot, conditions: Conditions) -> ComparisonRun:
    facts = _facts(order, snapshot, conditions)
    return ComparisonRun.objects.create(**facts, snapshot_name=snapshot.name, backend_pid=own_backend())


def _resumed(order: Order, snapshot: Snapshot, conditions: Conditions) -> ComparisonRun:
    facts = _facts(order, snapshot, conditions)
    run = ComparisonRun.objects.filter(**facts, state=State.FAILED).first()
    if run is None:
        raise TrainingDataError(
            "No comparison was broken off on this snapshot with this seed, these options and this version of the code; "
            "start one without --resume."
        )
    run.state, run.error, run.finished_at = State.RUNNING, "", None
    run.backend_pid = own_backend()
    run.save()
    run.refresh_from_db()
    return run
