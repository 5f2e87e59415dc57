"""What a search of settings seeks, on what, and for how long; told without the libraries that do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from modelling.errors import TrainingDataError, gettext_noop
from modelling.features.feature import Lesson
from modelling.training.cost import cost_per_application, optimal_threshold
from modelling.training.metrics import Metric, auc, pr_auc
from modelling.training.parameters import USUAL_LESSONS


class Objective(StrEnum):
    """What a study seeks: the best ranking, or the lowest cost where a default weighs as the ratio says."""

    AUC = "auc"
    AP = "ap"
    COST = "cost"

    def metric(self, cost_ratio: float) -> Metric:
        """Give how it is measured."""
        if self is Objective.COST:
            return cost_per_application(optimal_threshold(cost_ratio), cost_ratio)
        return auc if self is Objective.AUC else pr_auc


@dataclass(frozen=True)
class Search:
    """What a study seeks, and on what; a study keeps to it from its first trial on."""

    objective: str = Objective.AUC
    seed: int = 0
    folds: int = 5
    cost_ratio: float = 10.0
    selection: str = "gain"
    controlled: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = USUAL_LESSONS

    def __post_init__(self) -> None:
        optimal_threshold(self.cost_ratio)

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {**asdict(self), "controlled": list(self.controlled), "lessons": list(self.lessons)}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> Search:
        """Read it back."""
        told = {name: facts[name] for name in ("objective", "seed", "folds", "cost_ratio", "selection")}
        lessons = tuple(map(Lesson, facts["lessons"]))
        return cls(**told, controlled=tuple(facts["controlled"]), lessons=lessons)


@dataclass(frozen=True)
class Budget:
    """When to stop: once the study holds so many ended trials, or once so many minutes have passed in this run."""

    trials: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        given = [amount for amount in (self.trials, self.minutes) if amount is not None]
        if not given or min(given) <= 0:
            raise TrainingDataError(
                gettext_noop(
                    "A search ends after a number of trials, or of minutes, above 0; came {trials} trials and "
                    "{minutes} minutes."
                ),
                trials=self.trials or "no",
                minutes=self.minutes or "no",
            )

    def is_spent(self, *, ended: int, seconds: float) -> bool:
        """Say whether no further trial is begun."""
        has_enough = self.trials is not None and ended >= self.trials
        return has_enough or (self.minutes is not None and seconds >= 60 * self.minutes)
