from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix
from modelling.errors import TrainingDataError
from modelling.recalibration import probability_of
from modelling.training.fit import Manner, best_rounds, train
from modelling.training.folds import assign_folds
from modelling.training.metrics import METRICS, Floats, Outcomes
from modelling.training.parameters import parameters_for
from modelling.training.sample import Sample
from modelling.training.selection import above_chance, most_useful

ENCODING = Encoding(features=("risk", "noise", "job"), levels={"job": ("a", "b", "c")})


def population(clients: int, seed: int = 0) -> tuple[Matrix, NDArray[np.int8], Floats]:
    draw = np.random.default_rng(seed)
    risk, noise, job = draw.normal(size=clients), draw.normal(size=clients), draw.integers(0, 3, clients)
    chance = probability_of(1.2 * risk + 0.8 * (job == 1) - 2.2)
    values = np.column_stack((risk, noise, job)).astype(np.float32)
    return values, (draw.uniform(size=clients) < chance).astype(np.int8), chance


def test_out_of_fold_probabilities_rank_nearly_as_well_as_the_truth_and_are_calibrated() -> None:
    values, target, chance = population(3_000)

    trained = train(Sample(values, target, ENCODING), parameters=parameters_for(3_000), manner=Manner(folds=4))

    found, truth = (Outcomes.of(p, target) for p in (probability_of(trained.log_odds), chance))
    auc = METRICS["auc"]
    assert auc(found, found.unit_weights)[0] > auc(truth, truth.unit_weights)[0] - 0.02
    assert METRICS["calibration_slope"](found, found.unit_weights)[0] == pytest.approx(1.0, abs=0.1)
    assert METRICS["ece"](found, found.unit_weights)[0] < 0.02


def test_labels_without_any_pattern_get_no_credit_out_of_fold() -> None:
    values, target, _ = population(2_000)
    shuffled = np.random.default_rng(1).permutation(target)

    trained = train(Sample(values, shuffled, ENCODING), parameters=parameters_for(2_000), manner=Manner(folds=4))

    outcomes = Outcomes.of(probability_of(trained.log_odds), shuffled)
    assert METRICS["auc"](outcomes, outcomes.unit_weights)[0] == pytest.approx(0.5, abs=0.05)


def noise(clients: int, columns: int) -> Sample:
    draw = np.random.default_rng(5)
    values = draw.normal(size=(clients, columns)).astype(np.float32)
    encoding = Encoding(features=tuple(f"noise_{place}" for place in range(columns)), levels={})
    return Sample(values, (draw.uniform(size=clients) < 0.3).astype(np.int8), encoding)


def test_choosing_among_noise_earns_no_credit_out_of_fold() -> None:
    """Features chosen with the labels of the fold they are measured on reach 0.58 here."""
    sample = noise(600, 300)

    trained = train(sample, parameters=parameters_for(600), manner=Manner(folds=4, most_features=5))

    outcomes = Outcomes.of(probability_of(trained.log_odds), sample.target)
    assert METRICS["auc"](outcomes, outcomes.unit_weights)[0] < 0.56


def test_the_most_useful_features_are_kept_all_of_them_when_few() -> None:
    values, target, _ = population(2_000)
    sample = Sample(values, target, ENCODING)

    assert most_useful(sample, parameters_for(2_000), 1) == [0]
    assert most_useful(sample, parameters_for(2_000), 3) == [0, 1, 2]


def test_a_feature_is_above_chance_when_it_gains_more_than_from_shuffled_outcomes() -> None:
    values, target, _ = population(3_000)
    draw = np.random.default_rng(8)
    many_values = draw.normal(size=(3_000, 30)).astype(np.float32)
    names = (*ENCODING.features, *(f"noise_{place}" for place in range(30)))
    sample = Sample(np.hstack((values, many_values)), target, Encoding(names, ENCODING.levels))

    found = above_chance(sample, parameters_for(3_000), 33)

    assert {0, 2} <= set(found)
    assert len(found) < 15
    assert above_chance(sample, parameters_for(3_000), 1) == [0]
    assert found == above_chance(sample, parameters_for(3_000), 33)


def test_where_nothing_is_above_chance_one_feature_is_read_all_the_same() -> None:
    sample = noise(400, 8)

    assert 1 <= len(above_chance(sample, parameters_for(400), 8)) <= 8


def test_a_booster_reads_no_more_features_than_asked() -> None:
    values, target, _ = population(600)

    trained = train(
        Sample(values, target, ENCODING), parameters=parameters_for(600), manner=Manner(folds=3, most_features=1)
    )

    assert trained.sample.encoding.features == ("risk",)


def test_progress_is_told_after_each_fold_and_the_final_booster() -> None:
    values, target, _ = population(300)
    steps: list[str] = []

    train(
        Sample(values, target, ENCODING), parameters=parameters_for(300), manner=Manner(folds=3), progress=steps.append
    )

    assert steps == ["fold 1 of 3", "fold 2 of 3", "fold 3 of 3", "final booster"]


def test_the_number_of_trees_is_best_on_the_mean_curve_over_the_length_all_reach() -> None:
    curves = [np.array([5.0, 3.0, 4.0, 0.0]), np.array([5.0, 5.0, 2.0])]

    assert best_rounds(curves) == 3


def test_each_fold_has_its_share_of_defaults_and_the_seed_deals_them() -> None:
    target = (np.arange(1_000) % 12 == 0).astype(np.int8)

    folds = assign_folds(target, folds=5, seed=3)

    assert np.ptp([target[folds == fold].sum() for fold in range(5)]) <= 1
    assert np.ptp(np.bincount(folds)) <= 2
    assert (folds == assign_folds(target, folds=5, seed=3)).all()
    assert (folds != assign_folds(target, folds=5, seed=4)).any()


@pytest.mark.parametrize(
    ("target", "folds", "sentence"),
    [
        ([0] * 20, 5, "all 20 have target 0"),
        ([1] * 20, 5, "all 20 have target 1"),
        ([0, 1, 0], 5, r"fewer labelled clients \(3\) than folds \(5\)"),
        ([1, 1] + [0] * 30, 5, "2 defaults and 30 repayments do not fill 5 folds"),
        ([0, 1] * 10, 1, "at least 2; came 1"),
    ],
)
def test_a_target_that_cannot_fill_the_folds_is_told_in_a_sentence(
    target: list[int], folds: int, sentence: str
) -> None:
    with pytest.raises(TrainingDataError, match=sentence):
        assign_folds(np.array(target, dtype=np.int8), folds=folds, seed=0)


def test_an_unknown_parameter_is_named_with_those_there_are() -> None:
    with pytest.raises(TrainingDataError, match=r"Unknown parameter learning_rat; known are .*learning_rate"):
        parameters_for(1_000, {"learning_rat": 0.1})


@pytest.mark.parametrize("name", ["objective", "deterministic", "seed", "num_threads"])
def test_what_makes_training_right_and_repeatable_is_no_parameter(name: str) -> None:
    with pytest.raises(TrainingDataError, match=f"Unknown parameter {name}"):
        parameters_for(1_000, {name: 1})
