"""The whole road from a snapshot to a sealed bundle, without a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from modelling import bundle as bundles
from modelling.bundle import Lineage, Parts
from modelling.errors import AdmissionError, gettext_noop
from modelling.features.catalogue import admitted, catalogue_version
from modelling.features.feature import Lesson
from modelling.learnt.lessons import looked_at
from modelling.population import observe
from modelling.recalibration import probability_of
from modelling.training.cost import Terms
from modelling.training.dataset import Snapshot, TrainingSet, training_set
from modelling.training.fit import Manner, Progress, TrainedModel, silent, train
from modelling.training.folds import check_target
from modelling.training.growing import Grower, Here
from modelling.training.influence import measure_influence
from modelling.training.leaks import check_leaks
from modelling.training.out_of_fold import OutOfFold, keep
from modelling.training.parameters import MOST_FEATURES, USUAL_LESSONS, parameters_for
from modelling.training.report import training_report
from modelling.training.sample import Sample
from modelling.training.selection import Selection


@dataclass(frozen=True)
class Plan:
    """How to train. terms: what mistakes cost, for the report alone.

    controlled: features switched on by name, reason: why. lessons: that the population teaches. selection: how features
    are chosen, most_features: how many the booster reads. overrides: settings by name. grower: who grows the trees.
    """

    seed: int = 0
    folds: int = 5
    terms: Terms = field(default_factory=Terms)
    controlled: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = USUAL_LESSONS
    selection: Selection = Selection.GAIN
    most_features: int = MOST_FEATURES
    overrides: Mapping[str, float | int] = field(default_factory=dict)
    grower: Grower = field(default_factory=Here)
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back; the seed and who grows the trees stay outside."""
        told = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in {"grower", "seed"}}
        return {**told, "terms": asdict(self.terms)}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any], *, seed: int) -> Plan:
        """Read a plan back."""
        return cls(
            **{
                **facts,
                "seed": seed,
                "terms": Terms(**facts["terms"]),
                "controlled": tuple(facts["controlled"]),
                "lessons": tuple(map(Lesson, facts["lessons"])),
                "selection": Selection(facts["selection"]),
            }
        )


def train_bundle(snapshot: Snapshot, plan: Plan, *, shelf: Path, progress: Progress = silent) -> Path:
    """Train on a snapshot and give the folder of the sealed bundle, in `shelf`.

    progress is called with a word after each of the plan's folds + 3 steps.
    Raises TrainingDataError, LeakError and AdmissionError, each with a sentence for a person.
    """
    check_plan(plan)
    rows = checked_rows(snapshot, controlled=plan.controlled, folds=plan.folds, lessons=plan.lessons)
    progress("features")
    trained = train(
        Sample(rows.values, rows.target, rows.encoding, rows.cases),
        parameters=parameters_for(len(rows.target), plan.overrides, seed=plan.seed),
        manner=Manner(plan.folds, plan.lessons, plan.selection, plan.most_features, plan.grower),
        progress=progress,
    )
    predictions = OutOfFold.of(trained, rows).to_bytes()
    read = replace(rows, values=trained.sample.values, encoding=trained.sample.encoding)
    folder = bundles.write(shelf, _parts(snapshot, plan, read, trained, predictions))
    keep(predictions, folder)
    progress("report")
    return folder


def checked_rows(
    snapshot: Snapshot, *, controlled: Sequence[str], folds: int, lessons: Collection[Lesson] = ()
) -> TrainingSet:
    """Read the labelled clients of a snapshot, and see that they can be learnt from and that no feature leaks."""
    features = snapshot.features()
    outcomes = snapshot.outcomes()
    histories = snapshot.histories_of(outcomes["sk_id_curr"], looked_at(lessons))
    rows = training_set(features, outcomes, histories, controlled=controlled)
    check_target(rows.target, folds=folds)
    check_leaks(rows)
    return rows


def check_plan(plan: Plan) -> None:
    """Raise the error that says what is wrong with a plan, before minutes are spent on it."""
    parameters_for(0, plan.overrides, seed=plan.seed)
    admitted(plan.controlled)
    if plan.controlled and not plan.reason.strip():
        raise AdmissionError(
            gettext_noop(
                "Controlled features are off unless a named person says why they are on: give a reason for {names}."
            ),
            names=", ".join(plan.controlled),
        )


def _parts(snapshot: Snapshot, plan: Plan, rows: TrainingSet, trained: TrainedModel, predictions: bytes) -> Parts:
    return Parts(
        trees=trained.trees,
        encoding=rows.encoding,
        calibration=trained.calibration.kept,
        population=observe(rows.values, rows.encoding, probability_of(trained.log_odds), rows.target),
        influence=measure_influence(trained, rows, seed=plan.seed),
        lessons=trained.lessons,
        tables=snapshot.profile(),
        report={
            **training_report(trained, rows, terms=plan.terms),
            "out_of_fold": sha256(predictions).hexdigest(),
            "lessons": [str(lesson) for lesson in plan.lessons],
            "selection": str(plan.selection),
            "most_features": plan.most_features,
        },
        lineage=Lineage(
            snapshot_name=snapshot.name,
            snapshot_digest=snapshot.digest,
            catalogue_version=catalogue_version(),
            controlled=plan.controlled,
            seed=plan.seed,
            is_demo=snapshot.is_demo,
        ),
    )
