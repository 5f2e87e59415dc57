"""Each training as an MLflow run: parameters, measures, figures and the bundle, in a local folder or on a server."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelling.errors import TrackingError, gettext_noop

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "credit scoring"
FIGURES = ("threshold", "costs", "money", "curve", "calibration")
# Read when MLflow is imported. A server that is away must not hold a training up; nothing is told to third parties;
# a folder needs no database server.
SETTINGS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ALLOW_FILE_STORE": "true",
}


def log_run(address: str, *, name: str, folder: Path, report: Mapping[str, Any], lineage: Mapping[str, str]) -> str:
    """Write a finished training as a run and give the run's id.

    address: of the tracking store, file: or http(s):. folder: of the bundle. lineage: kept as tags.
    Raises TrackingError when the store cannot be written to.
    """
    for setting, value in SETTINGS.items():
        os.environ.setdefault(setting, value)
    # Two seconds that only a training has to wait for.
    from mlflow import MlflowClient  # noqa: PLC0415
    from mlflow.exceptions import MlflowException  # noqa: PLC0415

    try:
        return _written(MlflowClient(tracking_uri=address), name, folder, report, lineage)
    except (MlflowException, OSError) as error:
        raise TrackingError(
            gettext_noop("MLflow at {address} did not take the run ({kind}); the log of the training says more."),
            address=address,
            kind=type(error).__name__,
        ) from error


def _written(
    client: MlflowClient, name: str, folder: Path, report: Mapping[str, Any], lineage: Mapping[str, str]
) -> str:
    run = client.create_run(_experiment(client), run_name=name, tags=dict(lineage)).info.run_id
    for parameter, value in report["parameters"].items():
        client.log_param(run, parameter, value)
    for metric, value in _metrics(report).items():
        client.log_metric(run, metric, value)
    for figure in FIGURES:
        client.log_text(run, json.dumps(report[figure], indent=1), f"figures/{figure}.json")
    client.log_artifacts(run, str(folder), "bundle")
    client.set_terminated(run)
    return str(run)


def _experiment(client: MlflowClient) -> str:
    known = client.get_experiment_by_name(EXPERIMENT)
    return str(known.experiment_id if known else client.create_experiment(EXPERIMENT))


def _metrics(report: Mapping[str, Any]) -> dict[str, float]:
    """Give each measure with the ends of its interval, as `auc`, `auc_low` and `auc_high`."""
    return {
        metric if part == "value" else f"{metric}_{part}": number
        for metric, figure in report["metrics"].items()
        for part, number in figure.items()
        if number is not None
    }
