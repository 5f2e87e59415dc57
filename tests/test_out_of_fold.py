from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from modelling import bundle as bundles
from modelling.errors import TrainingDataError
from modelling.training.out_of_fold import path_beside, read


@pytest.fixture
def copied(small_bundle: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(small_bundle, tmp_path / small_bundle.name))
    shutil.copy(path_beside(small_bundle), tmp_path)
    return folder


def test_the_predictions_beside_a_bundle_are_those_it_was_measured_on(copied: Path) -> None:
    report = bundles.load(copied).report

    found = read(copied, digest=report["out_of_fold"])

    assert roc_auc_score(found.target, found.probability) == pytest.approx(report["metrics"]["auc"]["value"])
    assert (len(found.client_ids), found.target.sum()) == (report["clients"], report["defaults"])
    assert set(np.unique(found.folds)) == {0, 1, 2}
    assert path_beside(copied).stat().st_mode & 0o077 == 0


def test_predictions_that_were_changed_or_lost_are_named(copied: Path) -> None:
    with pytest.raises(TrainingDataError, match="is not what the training wrote"):
        read(copied, digest="0" * 64)
    path_beside(copied).unlink()
    with pytest.raises(TrainingDataError, match=r"out_of_fold\.parquet are missing"):
        read(copied, digest="0" * 64)
