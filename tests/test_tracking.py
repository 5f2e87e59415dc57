from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils.translation import override

from applications.templatetags.lab_words import told_failure
from modelling import registry
from modelling.models import TrainingRun
from modelling.training.run import Plan
from modelling.trainings import train_version
from tests.small_bundle import train_small_bundle

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def state(small_bundle: Path, tmp_path: Path, settings: LazySettings) -> Path:
    """Give a state folder of its own with the snapshot named "small"."""
    settings.STATE_DIR, settings.SNAPSHOTS_DIR = tmp_path, tmp_path / "snapshots"
    train_small_bundle(settings.SNAPSHOTS_DIR, settings.BUNDLES_DIR)
    return tmp_path


def test_a_training_is_an_mlflow_run_with_parameters_measures_figures_and_the_bundle(state: Path) -> None:
    version = train_version("small", Plan(folds=3))

    run = TrainingRun.objects.get()
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=(state / "mlruns").as_uri())
    found = client.get_run(run.mlflow_run)
    assert found.info.status == "FINISHED"
    assert found.info.run_name == f"v{version.number}"
    assert found.data.params["max_depth"] == "4"
    assert found.data.metrics["auc"] == version.metrics["auc"]["value"]
    assert found.data.metrics["auc_low"] == version.metrics["auc"]["low"]
    assert found.data.tags["snapshot_digest"] == version.snapshot_digest
    figure = client.download_artifacts(run.mlflow_run, "figures/curve.json", str(state))
    assert json.loads(Path(figure).read_text()) == version.report["curve"]
    assert not list((state / "mlruns").rglob("*out_of_fold*"))  # it names clients
    kept = {Path(file.path).name for file in client.list_artifacts(run.mlflow_run, "bundle")}
    assert kept == {path.name for path in registry.bundle_of(version).folder.iterdir()}


def test_a_server_that_is_away_is_told_and_the_training_stands(state: Path, settings: LazySettings) -> None:
    settings.MLFLOW_TRACKING_URI = "http://127.0.0.1:9"

    version = train_version("small", Plan(folds=3))

    run = TrainingRun.objects.get()
    assert (run.state, run.version, run.mlflow_run) == ("done", version, "")
    assert run.tracking_error.startswith("MLflow at http://127.0.0.1:9 did not take the run")
    with override("fr"):
        told = told_failure(run.tracking_failure, run.tracking_error)
    assert told.startswith("MLflow, à l’adresse http://127.0.0.1:9, n’a pas enregistré l’exécution")
