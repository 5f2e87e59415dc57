from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from django.core.management import CommandError, call_command
from sklearn.metrics import roc_auc_score

from modelling import bundle as bundles
from modelling.errors import TrainingDataError
from modelling.models import HeldOutReading, ModelVersion
from modelling.reading import read_folder
from modelling.scoring import score
from modelling.training.cost import Terms
from modelling.training.evaluation import evaluate
from modelling.training.metrics import METRICS
from tests.small_bundle import made_up_tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    application = made_up_tables(400, seed=99).application
    known = pl.col("sk_id_curr") <= 300
    application.filter(known).rename(str.upper).write_csv(tmp_path / "application_train.csv")
    application.filter(~known).drop("target").rename(str.upper).write_csv(tmp_path / "application_test.csv")
    return tmp_path


def test_quality_is_that_of_the_bundles_probabilities_on_the_labelled_rows(small_bundle: Path, folder: Path) -> None:
    bundle, rows = bundles.load(small_bundle), read_folder(folder)

    result = evaluate(bundle, rows, terms=Terms())

    labelled = rows.tables.application.filter(pl.col("target").is_not_null()).sort("sk_id_curr")
    probability = score(bundle, rows.tables).probability[:300]
    assert result["metrics"]["auc"]["value"] == pytest.approx(roc_auc_score(labelled["target"], probability))
    assert set(result["metrics"]) == set(METRICS)
    assert result["mean_predicted"] == pytest.approx(probability.mean())
    assert result["observed_rate"] == labelled["target"].mean()
    policy = result["threshold"]["policy"]
    assert policy["threshold"] == 1 / 11
    assert policy["approval_rate"]["value"] == pytest.approx(np.mean(probability < 1 / 11))
    best = result["threshold"]["best_on_these_rows"]
    assert best["cost_per_application"]["value"] <= policy["cost_per_application"]["value"]
    assert "optimistic" in best["note"]


def test_what_was_left_out_is_counted_and_what_is_absent_named(small_bundle: Path, folder: Path) -> None:
    result = evaluate(bundles.load(small_bundle), read_folder(folder), terms=Terms())

    assert result["clients"] == 300
    assert result["left_out"] == {"unlabelled_applications": 100, "rows_without_application": {}}
    assert "bureau" in result["absent_tables"]


def test_a_policys_own_threshold_is_taken(small_bundle: Path, folder: Path) -> None:
    result = evaluate(bundles.load(small_bundle), read_folder(folder), terms=Terms(threshold=0.3))

    assert result["threshold"]["policy"]["threshold"] == 0.3


def test_unlabelled_rows_alone_measure_nothing(small_bundle: Path, folder: Path) -> None:
    (folder / "application_train.csv").unlink()

    with pytest.raises(TrainingDataError, match="None of the 100 applications has a target"):
        evaluate(bundles.load(small_bundle), read_folder(folder), terms=Terms())


@pytest.mark.django_db
def test_the_command_shows_a_table_and_ends_with_json(champion: ModelVersion, folder: Path) -> None:
    out, err = StringIO(), StringIO()

    call_command("evaluate_model", "champion", str(folder), stdout=out, stderr=err)

    lines = out.getvalue().splitlines()
    assert any(line.startswith("AUC") and "[" in line for line in lines)
    assert json.loads(lines[-1])["model_version"] == champion.number
    assert "holds no bureau; it counts as empty" in err.getvalue()


@pytest.mark.django_db
def test_each_reading_of_held_out_rows_is_kept_and_a_second_one_is_told(champion: ModelVersion, folder: Path) -> None:
    first, second = StringIO(), StringIO()

    call_command("evaluate_model", "champion", str(folder), stdout=first, stderr=StringIO())
    call_command("evaluate_model", "champion", str(folder), stdout=second, stderr=StringIO())

    assert "read for the first time, and the reading is on record" in first.getvalue()
    assert "Reading no. 2 of these rows by this version" in second.getvalue()
    assert json.loads(second.getvalue().splitlines()[-1])["readings"] == {
        "by_this_version": 2,
        "by_any_version": 2,
        "versions": 1,
    }
    assert HeldOutReading.objects.filter(version=champion).count() == 2


@pytest.mark.django_db
def test_rows_are_known_again_in_another_order_and_form(champion: ModelVersion, folder: Path, tmp_path: Path) -> None:
    call_command("evaluate_model", "champion", str(folder), stdout=StringIO(), stderr=StringIO())
    other = tmp_path / "other"
    other.mkdir()
    pl.read_csv(folder / "application_train.csv").reverse().write_parquet(other / "application_train.parquet")
    out = StringIO()

    call_command("evaluate_model", "champion", str(other), stdout=out, stderr=StringIO())

    assert "Reading no. 2" in out.getvalue()


@pytest.mark.django_db
def test_the_json_goes_to_a_file_when_one_is_named(champion: ModelVersion, folder: Path, tmp_path: Path) -> None:
    out = StringIO()

    call_command("evaluate_model", "latest", str(folder), json=tmp_path / "result.json", stdout=out, stderr=StringIO())

    assert json.loads((tmp_path / "result.json").read_text())["clients"] == 300
    assert "{" not in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(("version", "sentence"), [("7", "no model version '7'"), ("best", "came 'best'")])
def test_a_version_that_is_not_there_is_told_in_a_sentence(
    champion: ModelVersion, folder: Path, version: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("evaluate_model", version, str(folder))
