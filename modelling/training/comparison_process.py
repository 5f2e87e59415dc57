"""Fit one candidate fold by fold in a process of its own: python -m modelling.training.comparison_process FOLDER NAME.

FOLDER holds what `comparison` laid there. A word a line tells which fold is done; figures and predictions out of fold
are left in FOLDER/NAME. A process of its own makes the peak of memory that candidate's, and nobody else's.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from modelling.encoding import Encoding, Matrix
from modelling.training.candidates import CANDIDATES, Candidate, Fitted, Setting, Target
from modelling.training.choices import CHOICES
from modelling.training.metrics import Floats
from modelling.training.sampling import TREATMENTS

VALUES, TARGET, FOLDS, SETTING = "values.npy", "target.npy", "folds.npy", "setting.json"
TOLD = "told_{}.npy"  # by fold
LOG_ODDS, MEASURED = "log_odds.npy", "measured.json"
PLACES = (CANDIDATES, TREATMENTS)


@dataclass
class Clock:
    """Seconds spent, all folds together."""

    fit: float = 0.0
    fit_cpu: float = 0.0
    predict: float = 0.0


def main(folder: Path, name: str, *, told: Callable[[str], None]) -> None:
    """Fit and predict each fold, then leave what came of it; `told` is called with a word after each fold."""
    values, target = np.load(folder / VALUES, mmap_mode="r"), np.load(folder / TARGET)
    folds, setting = np.load(folder / FOLDS), _setting(folder)
    log_odds, clock, chosen = np.empty(len(target)), Clock(), []
    for fold in range(int(folds.max()) + 1):
        inside = folds == fold
        taught = np.load(folder / TOLD.format(fold))
        known, unseen = (np.hstack((values[rows], taught[rows])) for rows in (~inside, inside))
        fitted = _fit(candidate(name), known, target[~inside], setting, clock)
        log_odds[inside] = _predict(fitted, unseen, clock)
        chosen.append([asdict(each) for each in fitted.chosen])
        told(f"fold {fold + 1}")
    (folder / name).mkdir()
    np.save(folder / name / LOG_ODDS, log_odds)
    measured = {
        "fit_seconds": clock.fit,
        "fit_cpu_seconds": clock.fit_cpu,
        "predict_microseconds": clock.predict / len(target) * 1e6,
        "peak_megabytes": peak_megabytes(),
        "columns": agreed(chosen),
    }
    (folder / name / MEASURED).write_text(json.dumps(measured), encoding="utf-8")


def candidate(name: str) -> Candidate:
    """Find a candidate by name, wherever it is listed."""
    return next(place[name] for place in PLACES if name in place)


def peak_megabytes() -> float:
    """Give the most memory this process has held. Linux keeps it a process; getrusage would count its parent's too."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def _setting(folder: Path) -> Setting:
    facts = json.loads((folder / SETTING).read_text(encoding="utf-8"))
    return Setting(**{**facts, "encoding": Encoding.of_json(facts["encoding"])})


def _fit(candidate: Candidate, values: Matrix, target: Target, setting: Setting, clock: Clock) -> Fitted:
    started, cpu_started = time.perf_counter(), time.process_time()
    fitted = candidate(values, target, setting)
    clock.fit += time.perf_counter() - started
    clock.fit_cpu += time.process_time() - cpu_started
    return fitted


def _predict(fitted: Fitted, values: Matrix, clock: Clock) -> Floats:
    started = time.perf_counter()
    log_odds = fitted.log_odds(values)
    clock.predict += time.perf_counter() - started
    return log_odds


def agreed(chosen: Sequence[Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Give the first fold's choice for each column, and in how many folds it was the same."""
    about = ("kind", *CHOICES)
    columns = zip(*chosen, strict=True)
    return [
        {**folds[0], "folds_agreeing": sum(all(each[key] == folds[0][key] for key in about) for each in folds)}
        for folds in columns
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], told=lambda word: print(word, flush=True))
