"""Several candidates on the same clients, the same folds and the same features, measured alike.

Every figure is of predictions out of fold: as they come, and after a calibration fitted on the other folds. Which of
two costs less is read after calibration, for before it a probability is not yet one.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix
from modelling.errors import TrainingDataError
from modelling.features.feature import Lesson
from modelling.learnt.trees import threads
from modelling.recalibration import probability_of
from modelling.training import comparison_process as child
from modelling.training.bootstrap import Estimate, estimate
from modelling.training.calibration import calibrate
from modelling.training.choices import Forced
from modelling.training.classification import at_threshold, counts
from modelling.training.cost import Terms, approval_rate, best_threshold, cost_per_application, optimal_threshold
from modelling.training.dataset import TrainingSet
from modelling.training.folds import assign_folds
from modelling.training.metrics import METRICS, Metric, Outcomes
from modelling.training.teaching import Teaching

ROOT = Path(__file__).resolve().parents[2]
Watch = Callable[[str, int], None]


def unwatched(_name: str, _fold: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Conditions:
    """On which conditions candidates are compared.

    lessons: that the population teaches, fold by fold. forced: choices for single columns of the preprocessing.
    """

    seed: int = 0
    folds: int = 5
    terms: Terms = field(default_factory=Terms)
    lessons: tuple[Lesson, ...] = ()
    forced: Forced = field(default_factory=dict)

    @property
    def threshold(self) -> float:
        """Give the policy's threshold, or the one its cost ratio calls for."""
        return self.terms.threshold or optimal_threshold(self.terms.cost_ratio)


@dataclass(frozen=True)
class Measured:
    """How a candidate did.

    as_it_comes, calibrated: figures before and after calibration, with intervals. calibration: the kind that was kept.
    confusion: clients either side of the threshold, after calibration.
    fit_seconds, fit_cpu_seconds: all folds together.
    peak_megabytes: of a process that did nothing else, libraries and rows included.
    columns: what the preprocessing chose for each column, and why; empty where there is none.
    """

    name: str
    as_it_comes: Mapping[str, Estimate]
    calibrated: Mapping[str, Estimate]
    calibration: str
    mean_predicted: float
    observed_rate: float
    confusion: Mapping[str, int]
    fit_seconds: float
    fit_cpu_seconds: float
    predict_microseconds: float
    peak_megabytes: float
    columns: Sequence[Mapping[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values; a figure these rows cannot tell is null."""
        return {**asdict(self), "as_it_comes": _plain(self.as_it_comes), "calibrated": _plain(self.calibrated)}


def _plain(figures: Mapping[str, Estimate]) -> dict[str, dict[str, float | None]]:
    return {
        name: {side: None if math.isnan(value) else value for side, value in asdict(figure).items()}
        for name, figure in figures.items()
    }


def compare(
    rows: TrainingSet, names: Sequence[str], conditions: Conditions, *, watch: Watch = unwatched
) -> Iterator[Measured]:
    """Measure each candidate in turn, yielding it as soon as it is done.

    watch is called with a candidate's name and its number of finished folds. Raises TrainingDataError when the target
    cannot fill the folds, for a candidate there is not, or one that did not finish.
    """
    check_names(names)
    folds = assign_folds(rows.target, folds=conditions.folds, seed=conditions.seed)
    with tempfile.TemporaryDirectory(prefix="comparison-") as place:
        folder = Path(place)
        _lay(folder, rows, folds, conditions)
        for name in names:
            _run(folder, name, rows.values.size, watch)
            yield _measured(folder, name, rows.target, folds, conditions)


def check_names(names: Sequence[str]) -> None:
    """Raise TrainingDataError for a name that is listed nowhere, or none at all."""
    known = [name for place in child.PLACES for name in place]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise TrainingDataError(f"There is no candidate {', '.join(unknown) or 'named'}; there are {', '.join(known)}.")


def _lay(folder: Path, rows: TrainingSet, folds: NDArray[np.int8], conditions: Conditions) -> None:
    """Lay down what the processes read; what lessons tell differs from fold to fold."""
    teaching = Teaching(rows.cases, rows.target, folds, conditions.lessons, conditions.seed)
    for file, array in ((child.VALUES, rows.values), (child.TARGET, rows.target), (child.FOLDS, folds)):
        np.save(folder / file, array)
    encoding = rows.encoding
    for fold in range(conditions.folds):
        told = teaching.told(fold)
        encoding = Encoding((*rows.encoding.features, *told.columns), rows.encoding.levels)
        np.save(folder / child.TOLD.format(fold), _told(told, len(rows.target)))
    setting = {
        "encoding": encoding.to_json(),
        "seed": conditions.seed,
        "threads": threads(rows.values.size) or os.cpu_count() or 1,
        "forced": conditions.forced,
    }
    (folder / child.SETTING).write_text(json.dumps(setting), encoding="utf-8")


def _told(told: pl.DataFrame, clients: int) -> Matrix:
    return Encoding(tuple(told.columns), {}).encode(told) if told.columns else np.empty((clients, 0), dtype=np.float32)


def _run(folder: Path, name: str, cells: int, watch: Watch) -> None:
    """Run a candidate's process to its end; stop it when we are stopped."""
    command = [sys.executable, "-m", child.__name__, str(folder), name]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads(cells) or os.cpu_count() or 1)}
    with (
        (folder / f"{name}.log").open("w+", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - our own module
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            for done, _ in enumerate(process.stdout or (), start=1):
                watch(name, done)
        except BaseException:
            process.kill()
            raise
        if process.wait():
            log.seek(0)
            last = log.read().strip().splitlines()[-1:] or [f"status {process.returncode}"]
            raise TrainingDataError(f"{name} did not finish: {last[0]}")


def _measured(
    folder: Path, name: str, target: NDArray[np.int8], folds: NDArray[np.int8], conditions: Conditions
) -> Measured:
    facts = json.loads((folder / name / child.MEASURED).read_text(encoding="utf-8"))
    raw = np.load(folder / name / child.LOG_ODDS)
    found = calibrate(raw, target, folds)
    before, after = (Outcomes.of(probability_of(each), target) for each in (raw, found.log_odds))
    figures = _figures(conditions)
    return Measured(
        name=name,
        as_it_comes=estimate(before, figures, seed=conditions.seed),
        calibrated=estimate(after, figures, seed=conditions.seed),
        calibration=found.kind,
        mean_predicted=float(before.probability.mean()),
        observed_rate=float(target.mean()),
        confusion=counts(after, conditions.threshold),
        **facts,
    )


def _figures(conditions: Conditions) -> dict[str, Metric]:
    threshold, ratio = conditions.threshold, conditions.terms.cost_ratio
    return {
        **METRICS,
        **at_threshold(threshold, ratio),
        "approval_rate": approval_rate(threshold),
        "cost_per_application": cost_per_application(threshold, ratio),
        "best_threshold": best_threshold(ratio),
    }
