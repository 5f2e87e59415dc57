"""Search the booster's settings, trial by trial, on folds by client; a study broken off goes on as if it never was.

Each trial's draws depend on the study's seed, on how many trials ended before it and on what those found, and on
nothing else: neither on how often the study was broken off nor on trials that never ended. The first trial is the
standard settings. A trial is given up after a fold where its mean so far is worse than the median of the others' there.

What a fold reads is taught and chosen once, with the standard settings, and binned once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution
from optuna.samplers import TPESampler
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState, create_trial

from modelling.encoding import Matrix
from modelling.learnt.trees import threads
from modelling.recalibration import probability_of
from modelling.training.calibration import cross_fitted
from modelling.training.fit import Fold, Manner, each_fold
from modelling.training.folds import assign_folds
from modelling.training.metrics import Floats, Metric, Outcomes
from modelling.training.parameters import MOST_ROUNDS, PATIENCE, parameters_for
from modelling.training.sample import Sample
from modelling.training.search import Budget, Objective, Search
from modelling.training.selection import Selection
from modelling.training.teaching import Teaching

Settings = Mapping[str, float | int]
Watch = Callable[[], None]
ENDED = (TrialState.COMPLETE, TrialState.PRUNED)
# Trials at random before the search learns from them, and complete ones before any is given up.
STARTING_TRIALS, TRIALS_BEFORE_PRUNING = 10, 5
TRIALS_TO_TELL = 10  # what a setting counts for
SPACE: Mapping[str, BaseDistribution] = {
    "learning_rate": FloatDistribution(0.015, 0.06, log=True),
    "max_depth": IntDistribution(3, 8),
    "num_leaves": IntDistribution(6, 64, log=True),
    "min_data_in_leaf": IntDistribution(10, 300, log=True),
    "feature_fraction": FloatDistribution(0.05, 0.8),
    "bagging_fraction": FloatDistribution(0.5, 1.0),
    "lambda_l1": FloatDistribution(0.01, 20.0, log=True),
    "lambda_l2": FloatDistribution(0.1, 200.0, log=True),
}
# Rows are binned before a trial says how few a leaf may hold, so none may be left out for being too few.
ANY_LEAF: Mapping[str, Any] = {"feature_pre_filter": False}


class GivenUpError(Exception):
    """A trial is worse so far than the others were."""


@dataclass(frozen=True)
class Binned:
    """A fold as LightGBM reads it again and again."""

    known: lgb.Dataset
    unseen: lgb.Dataset
    values: Matrix
    held_out: NDArray[np.bool_]

    @classmethod
    def of(cls, fold: Fold, settings: Mapping[str, Any]) -> Binned:
        """Bin a fold's rows."""
        known = fold.known.dataset(settings).construct()
        unseen = fold.unseen.dataset(settings, reference=known).construct()
        return cls(known, unseen, fold.unseen.values, fold.held_out)


@dataclass(frozen=True)
class Ground:
    """What every trial is measured on."""

    target: NDArray[np.int8]
    assigned: NDArray[np.int8]
    folds: Sequence[Binned]
    metric: Metric
    fixed: Mapping[str, Any]

    @classmethod
    def prepare(cls, sample: Sample, search: Search) -> Ground:
        """Deal the folds, teach and choose what each reads, and bin it, once for all trials."""
        fixed = {**ANY_LEAF, "num_threads": threads(sample.values.size)}
        shape = {**parameters_for(len(sample.target), seed=search.seed), **fixed}
        assigned = assign_folds(sample.target, folds=search.folds, seed=search.seed)
        teaching = Teaching(sample.cases, sample.target, assigned, search.lessons, search.seed)
        manner = Manner(search.folds, search.lessons, Selection(search.selection))
        folds = [Binned.of(fold, shape) for fold in each_fold(sample, teaching, shape, manner)]
        return cls(sample.target, assigned, folds, Objective(search.objective).metric(search.cost_ratio), fixed)

    def measure(self, chosen: Settings, *, seed: int, report: Callable[[int, float], None]) -> float:
        """Give what the settings reach out of fold, calibrated; report is called with each fold's mean so far."""
        settings = {**parameters_for(len(self.target), chosen, seed=seed), **self.fixed}
        raw, so_far = np.empty(len(self.target)), []
        for number, fold in enumerate(self.folds):
            raw[fold.held_out] = _predicted(fold, settings)
            so_far.append(self._figure(raw[fold.held_out], self.target[fold.held_out]))
            report(number, float(np.mean(so_far)))
        return self._figure(cross_fitted(raw, self.target, self.assigned), self.target)

    def _figure(self, log_odds: Floats, target: NDArray[np.int8]) -> float:
        outcomes = Outcomes.of(probability_of(log_odds), target)
        return float(self.metric(outcomes, outcomes.unit_weights)[0])


def run_trials(study: optuna.Study, ground: Ground, budget: Budget, *, seed: int, watch: Watch) -> None:
    """Add trials until the budget is spent; watch is called after each that ended.

    Stopped in the middle of a trial, it leaves that one as failed, and the next run begins it anew.
    """
    started = time.monotonic()
    _bury_the_dead(study)
    while not budget.is_spent(ended=len(ended(study)), seconds=time.monotonic() - started):
        if ended(study):
            _sampled_trial(study, ground, seed)
        else:
            _standard_trial(study, ground, seed)
        watch()


def ended(study: optuna.Study) -> list[FrozenTrial]:
    """Give the trials that ran to their end or were given up, in the order they were begun."""
    return study.get_trials(deepcopy=False, states=ENDED)


def importance(study: optuna.Study) -> dict[str, float]:
    """Give for each setting its share of what sets good trials apart from the others (PED-ANOVA, Watanabe 2023).

    Empty while fewer than TRIALS_TO_TELL trials have a value.
    """
    if sum(trial.state == TrialState.COMPLETE for trial in ended(study)) < TRIALS_TO_TELL:
        return {}
    found = optuna.importance.get_param_importances(study, evaluator=optuna.importance.PedAnovaImportanceEvaluator())
    return {name: float(share) for name, share in found.items()}


def direction_of(objective: str) -> StudyDirection:
    """Give which way is better."""
    return StudyDirection.MINIMIZE if objective == Objective.COST else StudyDirection.MAXIMIZE


def _standard_trial(study: optuna.Study, ground: Ground, seed: int) -> None:
    shape, reported = parameters_for(len(ground.target)), dict[int, float]()
    settings = {name: shape[name] for name in SPACE}
    value = ground.measure(settings, seed=seed, report=reported.__setitem__)
    study.add_trial(create_trial(params=settings, distributions=dict(SPACE), value=value, intermediate_values=reported))


def _sampled_trial(study: optuna.Study, ground: Ground, seed: int) -> None:
    study.sampler = TPESampler(seed=_seed_of(seed, len(ended(study))), n_startup_trials=STARTING_TRIALS)
    study.pruner = optuna.pruners.MedianPruner(n_startup_trials=TRIALS_BEFORE_PRUNING)
    trial = study.ask(fixed_distributions=dict(SPACE))

    def report(fold: int, mean: float) -> None:
        trial.report(mean, fold)
        if fold + 1 < len(ground.folds) and trial.should_prune():
            raise GivenUpError

    try:
        value = ground.measure(trial.params, seed=seed, report=report)
    except GivenUpError:
        study.tell(trial, state=TrialState.PRUNED)
    except BaseException:
        study.tell(trial, state=TrialState.FAIL)
        raise
    else:
        study.tell(trial, value)


def _seed_of(seed: int, place: int) -> int:
    return int(np.random.SeedSequence([seed, place]).generate_state(1)[0])


def _bury_the_dead(study: optuna.Study) -> None:
    """Mark as failed the trials of a process that died: they would run for ever."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)


def _predicted(fold: Binned, settings: Mapping[str, Any]) -> Floats:
    booster = lgb.train(
        dict(settings),
        fold.known,
        num_boost_round=MOST_ROUNDS,
        valid_sets=[fold.unseen],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
    )
    return np.asarray(booster.predict(fold.values, raw_score=True), dtype=np.float64)
