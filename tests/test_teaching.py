"""No client is told what was learnt from his own outcome, and nobody learns from those he is measured on."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import ks_2samp

from modelling.encoding import Encoding
from modelling.features.feature import Lesson
from modelling.learnt.cases import Cases
from modelling.learnt.lessons import METHODS, features_of
from modelling.recalibration import probability_of
from modelling.training.fit import Manner, train
from modelling.training.metrics import METRICS, Outcomes
from modelling.training.parameters import parameters_for
from modelling.training.sample import Sample
from modelling.training.teaching import Teaching
from tests.learnt_tables import cases_of, tables_with_histories

FOLDS = 4
CLIENTS = 800
SHUFFLES, SHUFFLED_CLIENTS = 4, 1_500
LOOKING_AT_OUTCOMES = [lesson for lesson in Lesson if METHODS[lesson].looks_at_outcomes]
each_lesson = pytest.mark.parametrize("lesson", LOOKING_AT_OUTCOMES)


@pytest.fixture(scope="module")
def cases() -> Cases:
    return cases_of(tables_with_histories(CLIENTS))


@pytest.fixture(scope="module")
def target(cases: Cases) -> np.ndarray:
    return cases.tables.application.sort("sk_id_curr")["target"].to_numpy()


def teaching(cases: Cases, target: np.ndarray, *lessons: Lesson) -> Teaching:
    return Teaching(cases, target, (np.arange(len(target)) % FOLDS).astype(np.int8), lessons, seed=0)


@each_lesson
@pytest.mark.parametrize("fold", [None, 0, 1])
def test_a_clients_own_outcome_never_changes_what_he_is_told(
    cases: Cases, target: np.ndarray, lesson: Lesson, fold: int | None
) -> None:
    told = teaching(cases, target, lesson).told(fold)

    for client in (0, 1, 2, 3, 40):
        other = target.copy()
        other[client] = 1 - other[client]
        again = teaching(cases, other, lesson).told(fold)
        assert_frame_equal(again[client : client + 1], told[client : client + 1], check_exact=True)


@each_lesson
def test_what_a_booster_sees_does_not_depend_on_the_outcomes_it_is_measured_on(
    cases: Cases, target: np.ndarray, lesson: Lesson
) -> None:
    folds = teaching(cases, target).folds
    other = np.where(folds == 2, 1 - target, target).astype(np.int8)

    assert_frame_equal(
        teaching(cases, other, lesson).told(2), teaching(cases, target, lesson).told(2), check_exact=True
    )


@each_lesson
def test_outcomes_of_the_other_folds_are_what_is_learnt_from(cases: Cases, target: np.ndarray, lesson: Lesson) -> None:
    other = np.random.default_rng(2).permutation(target)

    assert not teaching(cases, other, lesson).told(2).equals(teaching(cases, target, lesson).told(2))


@pytest.mark.parametrize("lesson", [lesson for lesson in Lesson if lesson not in LOOKING_AT_OUTCOMES])
def test_a_lesson_without_outcomes_is_one_function_for_a_fold_and_the_others(
    cases: Cases, target: np.ndarray, lesson: Lesson
) -> None:
    seen = ~(teaching(cases, target).folds == 1)
    kept = Cases(cases.features.filter(pl.Series(seen)), cases.tables)

    told = teaching(cases, target, lesson).told(1)
    without = teaching(kept, target[seen], lesson).learnt_from_all()

    assert_frame_equal(without.add(cases.tables, cases.features).select(told.columns), told, check_exact=True)


@pytest.mark.slow
def test_from_shuffled_outcomes_nothing_is_learnt() -> None:
    """On average over shuffles, no learnt feature ranks outcomes, and neither does the booster that reads them all.

    Were clients told what was learnt from their own outcomes, the likeness of a bureau line would reach 0.66 here;
    chance alone moves one shuffle by 0.02.
    """
    cases = cases_of(tables_with_histories(SHUFFLED_CLIENTS))
    target = cases.tables.application.sort("sk_id_curr")["target"].to_numpy().astype(np.int8)

    found = [
        ranked_by_what_is_learnt(cases, np.random.default_rng(seed).permutation(target)) for seed in range(SHUFFLES)
    ]

    assert set(found[0]) >= {feature.name for feature in features_of(LOOKING_AT_OUTCOMES)}
    means = {name: float(np.mean([aucs[name] for aucs in found])) for name in found[0]}
    assert {name: mean for name, mean in means.items() if abs(mean - 0.5) > 0.03} == {}


def ranked_by_what_is_learnt(cases: Cases, outcomes: np.ndarray) -> dict[str, float]:
    """Give the AUC of each learnt feature alone, and that of the booster."""
    sample = Sample(np.zeros((len(outcomes), 1), np.float32), outcomes, Encoding(("nothing",), {}), cases)
    manner = Manner(folds=FOLDS, lessons=tuple(LOOKING_AT_OUTCOMES))
    trained = train(sample, parameters=parameters_for(len(outcomes)), manner=manner)
    features = zip(trained.sample.encoding.features, trained.sample.values.T, strict=True)
    alone = {name: auc_of(np.nan_to_num(values.astype(np.float64)), outcomes) for name, values in features}
    return {**alone, "the booster": auc_of(probability_of(trained.log_odds), outcomes)}


def auc_of(ranking: np.ndarray, outcomes: np.ndarray) -> float:
    ranked = Outcomes.of(ranking, outcomes)
    return float(METRICS["auc"](ranked, ranked.unit_weights)[0])


@pytest.mark.slow
@each_lesson
def test_what_new_clients_are_told_is_spread_as_what_training_clients_were_told(lesson: Lesson) -> None:
    cases = cases_of(tables_with_histories(5_000))
    new = cases_of(tables_with_histories(5_000, seed=11))
    taught = teaching(cases, cases.tables.application.sort("sk_id_curr")["target"].to_numpy(), lesson)

    before = taught.told(None).to_series(0).drop_nulls()
    after = taught.learnt_from_all().add(new.tables, new.features)[before.name].drop_nulls()

    assert after.std() == pytest.approx(before.std(), rel=0.15)
    assert ks_2samp(after, before).statistic < 0.1
