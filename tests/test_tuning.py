"""The search of settings: a study broken off is the one that never was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.trial import FrozenTrial

from modelling.encoding import Encoding
from modelling.errors import TrainingDataError
from modelling.recalibration import probability_of
from modelling.training.metrics import METRICS, Outcomes
from modelling.training.parameters import parameters_for
from modelling.training.sample import Sample
from modelling.training.search import Budget, Objective, Search
from modelling.training.tuning import (
    SPACE,
    STARTING_TRIALS,
    TRIALS_BEFORE_PRUNING,
    Ground,
    direction_of,
    ended,
    run_trials,
)

optuna.logging.set_verbosity(optuna.logging.WARNING)
TRIALS = STARTING_TRIALS + 4
SEARCH = Search(folds=3, lessons=())


def sample(clients: int = 500) -> Sample:
    draw = np.random.default_rng(0)
    values = draw.normal(size=(clients, 4)).astype(np.float32)
    chance = probability_of(1.2 * values[:, 0] + 0.8 * values[:, 1] * values[:, 2] - 1.5)
    target = (draw.uniform(size=clients) < chance).astype(np.int8)
    return Sample(values, target, Encoding(tuple("abcd"), {}))


@pytest.fixture(scope="module")
def ground() -> Ground:
    return Ground.prepare(sample(), SEARCH)


def new_study(objective: Objective = Objective.AUC) -> optuna.Study:
    return optuna.create_study(direction=direction_of(objective))


def told(study: optuna.Study) -> list[tuple[Any, ...]]:
    def facts(trial: FrozenTrial) -> tuple[Any, ...]:
        return trial.params, trial.values, trial.intermediate_values, trial.state

    return [facts(trial) for trial in ended(study)]


class Stop:
    """Stops a search as Ctrl-C would, in the middle of some of its trials."""

    def __init__(self, at: set[int], study: optuna.Study) -> None:
        self.at, self.study = at, study

    def measuring(self, measure: Callable[..., float]) -> Callable[..., float]:
        def stopped(ground: Ground, chosen: Any, *, seed: int, report: Callable[[int, float], None]) -> float:
            def watched(fold: int, mean: float) -> None:
                if (place := len(ended(self.study))) in self.at:
                    self.at.remove(place)
                    raise KeyboardInterrupt
                report(fold, mean)

            return measure(ground, chosen, seed=seed, report=watched)

        return stopped


@pytest.mark.slow
def test_a_study_that_was_stopped_again_and_again_is_the_one_that_ran_through(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, broken = new_study(), new_study()
    run_trials(whole, ground, Budget(TRIALS), seed=3, watch=lambda: None)

    stop = Stop({0, 1, 7, STARTING_TRIALS, STARTING_TRIALS + 2}, broken)
    monkeypatch.setattr(Ground, "measure", stop.measuring(Ground.measure))
    stops = 0
    while len(ended(broken)) < TRIALS:
        try:
            run_trials(broken, ground, Budget(TRIALS), seed=3, watch=lambda: None)
        except KeyboardInterrupt:
            stops += 1
        if len(ended(broken)) == 7:
            broken.ask(fixed_distributions=dict(SPACE))  # what a killed process leaves behind

    assert stops == 5
    assert told(broken) == told(whole)
    assert all(trial.state.is_finished() for trial in broken.get_trials())
    assert any(trial.state.name == "PRUNED" for trial in ended(whole))


def test_the_first_trial_is_the_standard_settings_and_the_seed_draws_the_rest(ground: Ground) -> None:
    one, same, other = new_study(), new_study(), new_study()
    for study, seed in ((one, 1), (same, 1), (other, 2)):
        run_trials(study, ground, Budget(2), seed=seed, watch=lambda: None)

    shape = parameters_for(500)
    assert one.trials[0].params == {name: shape[name] for name in SPACE}
    assert told(one) == told(same)
    assert one.trials[1].params != other.trials[1].params


def test_a_trial_is_only_given_up_once_there_are_others_to_be_worse_than(ground: Ground) -> None:
    study = new_study()

    run_trials(study, ground, Budget(TRIALS_BEFORE_PRUNING), seed=3, watch=lambda: None)

    assert {trial.state.name for trial in ended(study)} == {"COMPLETE"}


def test_what_a_trial_reaches_is_measured_out_of_fold(ground: Ground) -> None:
    """On shuffled outcomes nothing is reached."""
    given = sample()
    shuffled = Sample(given.values, np.random.default_rng(1).permutation(given.target), given.encoding)

    reached = Ground.prepare(shuffled, SEARCH).measure(
        {"num_leaves": 64, "max_depth": 8}, seed=0, report=lambda fold, mean: None
    )

    assert reached == pytest.approx(0.5, abs=0.06)
    assert ground.measure({}, seed=0, report=lambda fold, mean: None) > 0.65


@pytest.mark.parametrize(
    ("objective", "expected", "direction"),
    [("auc", METRICS["auc"], "MAXIMIZE"), ("ap", METRICS["pr_auc"], "MAXIMIZE"), ("cost", None, "MINIMIZE")],
)
def test_an_objective_is_the_figure_of_its_name(objective: str, expected: Any, direction: str) -> None:
    outcomes = Outcomes.of(np.array([0.02, 0.3, 0.4, 0.05]), np.array([0, 1, 0, 1]))

    found = Objective(objective).metric(10)(outcomes, outcomes.unit_weights)[0]

    assert found == (expected(outcomes, outcomes.unit_weights)[0] if expected else 11 / 4)
    assert direction_of(objective).name == direction


def test_a_budget_of_minutes_begins_no_trial_after_them(ground: Ground) -> None:
    study = new_study()

    run_trials(study, ground, Budget(minutes=1e-9), seed=0, watch=lambda: None)

    assert ended(study) == []


@pytest.mark.parametrize("budget", [(None, None), (0, None), (None, -1.0), (5, 0.0)])
def test_a_search_without_end_or_without_time_is_refused(budget: tuple[int | None, float | None]) -> None:
    with pytest.raises(TrainingDataError, match="ends after a number of trials, or of minutes, above 0"):
        Budget(*budget)
