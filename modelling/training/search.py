"""What a search of settings seeks, on what, and for how long; told without the libraries that do it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from modelling.errors import TrainingDataError
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


@dataclass(frozen=True)
class Budget:
    """When to stop: once the study holds so many ended trials, or once so many minutes have passed in this run."""

    trials: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        given = [amount for amount in (self.trials, self.minutes) if amount is not None]
        if not given or min(given) <= 0:
            raise TrainingDataError(
                "A search ends after a number of trials, or of minutes, above 0; "
                f"came {self.trials or 'no'} trials and {self.minutes or 'no'} minutes."
            )

    def is_spent(self, *, ended: int, seconds: float) -> bool:
        """Say whether no further trial is begun."""
        has_enough = self.trials is not None and ended >= self.trials
        return has_enough or (self.minutes is not None and seconds >= 60 * self.minutes)
