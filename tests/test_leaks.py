from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from modelling.encoding import Encoding
from modelling.errors import LeakError
from modelling.training.dataset import TrainingSet, open_snapshot
from modelling.training.leaks import check_leaks, feature_auc
from modelling.training.run import Plan, train_bundle
from tests.small_bundle import made_up_tables, rows_to_learn_from
from tests.snapshot_folder import write_snapshot


def rows_of(column: NDArray[Any], target: NDArray[np.int8], levels: tuple[str, ...] = ()) -> TrainingSet:
    encoding = Encoding(features=("suspect",), levels={"suspect": levels} if levels else {})
    values, credit = column[:, None].astype(np.float32), np.ones(len(target))
    return TrainingSet(np.arange(len(target)), values, target, credit, encoding)


def outcomes(clients: int, rate: float = 0.08) -> NDArray[np.int8]:
    return (np.random.default_rng(1).uniform(size=clients) < rate).astype(np.int8)


def test_honest_rows_pass() -> None:
    check_leaks(rows_to_learn_from(made_up_tables()))


def test_a_target_copied_into_a_feature_is_named_with_its_auc() -> None:
    tables = made_up_tables()
    planted = tables.application.with_columns(own_car_age=pl.col("target").cast(pl.Float64))

    with pytest.raises(LeakError, match=r"own_car_age \(AUC 1\.000\)"):
        check_leaks(rows_to_learn_from(replace(tables, application=planted)))


def test_a_leak_stops_training_before_it_begins(tmp_path: Path) -> None:
    tables = made_up_tables()
    planted = tables.application.with_columns(ext_source_1=1.0 - pl.col("target"))
    write_snapshot(tmp_path / "small", replace(tables, application=planted))
    steps: list[str] = []

    with pytest.raises(LeakError, match="ext_source_1"):
        train_bundle(open_snapshot(tmp_path, "small"), Plan(folds=3), shelf=tmp_path / "shelf", progress=steps.append)

    assert steps == []
    assert not (tmp_path / "shelf").exists()


@pytest.mark.parametrize("rate", [0.02, 0.3, 0.98])
@pytest.mark.parametrize(
    "leak",
    [
        lambda target: target,
        lambda target: -3.0 * target + 7,
        lambda target: np.where(target == 1, np.nan, np.arange(len(target))),
        lambda target: np.where(target == 1, 0.0, np.where(np.arange(len(target)) % 2, 1.0, -1.0)),
        lambda target: target + np.random.default_rng(2).normal(0, 0.3, len(target)),
    ],
    ids=["copied", "turned round", "in the gaps", "in the middle", "blurred"],
)
def test_a_leak_is_caught_whatever_its_shape(leak: Callable[[Any], Any], rate: float) -> None:
    target = outcomes(4_000, rate)

    with pytest.raises(LeakError, match="suspect"):
        check_leaks(rows_of(leak(target), target))


def test_a_leak_in_a_category_is_caught() -> None:
    target = outcomes(4_000)
    levels = tuple(f"level {place}" for place in range(60))
    codes = np.where(target == 1, 3.0, np.random.default_rng(3).integers(0, 60, 4_000))

    with pytest.raises(LeakError):
        check_leaks(rows_of(codes, target, levels))


@pytest.mark.parametrize("clients", [30, 300, 30_000])
def test_chance_is_no_leak(clients: int) -> None:
    draw = np.random.default_rng(4)
    target = outcomes(clients, 0.2)

    for _ in range(60):
        check_leaks(rows_of(draw.normal(size=clients), target))
        check_leaks(rows_of(draw.integers(0, 25, clients).astype(float), target, tuple("abcdefghijklmnopqrstuvwxy")))


def test_a_feature_that_is_always_missing_or_always_the_same_tells_nothing() -> None:
    target = outcomes(400)

    assert feature_auc(rows_of(np.full(400, np.nan), target), 0) == 0.5
    assert feature_auc(rows_of(np.full(400, 3.0), target), 0) == 0.5


@pytest.mark.slow
def test_the_check_is_quick_at_full_size() -> None:
    target = outcomes(300_000)
    column = np.random.default_rng(5).normal(size=300_000)

    started = time.process_time()
    check_leaks(rows_of(column, target))

    assert time.process_time() - started < 0.25
