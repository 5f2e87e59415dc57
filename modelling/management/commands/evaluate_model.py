"""evaluate_model: measure a model version on labelled tables it has not seen."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from modelling import registry
from modelling.errors import ModellingError
from modelling.reading import read_folder
from modelling.training.evaluation import evaluate

TITLES = {
    "auc": "AUC",
    "pr_auc": "PR AUC",
    "ks": "KS",
    "brier": "Brier",
    "log_loss": "Log loss",
    "calibration_slope": "Calibration slope",
    "calibration_intercept": "Calibration intercept",
    "ece": "ECE",
}


class Command(BaseCommand):
    """Parse, evaluate, show a table and then the same figures as JSON."""

    help = "Measure a model version on a folder of labelled tables in the published layout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("version", help="number of the version, champion or latest")
        parser.add_argument("folder", type=Path, help=".csv, .csv.gz, .csv.zip or .parquet files")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of the last line")
        parser.add_argument("--cost-ratio", type=float, default=settings.DEFAULT_COST_RATIO)
        parser.add_argument("--threshold", type=float, help="the policy's, when it is not 1 / (1 + cost ratio)")

    def handle(self, **options: Any) -> None:
        """Evaluate."""
        try:
            result = _evaluate(options)
        except ModellingError as error:
            raise CommandError(str(error)) from error
        for table in result["absent_tables"]:
            self.stderr.write(self.style.WARNING(f"{options['folder']} holds no {table}; it counts as empty."))
        self.stdout.write("\n".join(_lines(result)))
        text = json.dumps(result, allow_nan=False)
        if options["json"]:
            options["json"].write_text(text + "\n", encoding="utf-8")
        else:
            self.stdout.write(text)


def _evaluate(options: dict[str, Any]) -> dict[str, Any]:
    version = registry.version(options["version"])
    found = evaluate(
        registry.bundle_of(version),
        read_folder(options["folder"]),
        cost_ratio=options["cost_ratio"],
        threshold=options["threshold"],
    )
    return {"model_version": version.number, "digest": version.digest, **found}


def _lines(result: dict[str, Any]) -> Iterator[str]:
    left_out = result["left_out"]
    strays = ", ".join(f"{rows} of {table}" for table, rows in left_out["rows_without_application"].items())
    yield (
        f"Model version {result['model_version']}{' (demo data)' if result['is_demo'] else ''} on {result['clients']} "
        f"labelled clients, {result['defaults']} in default."
    )
    yield (
        f"Left out: {left_out['unlabelled_applications']} applications without label; "
        f"rows without application: {strays or 'none'}."
    )
    yield f"{'':30}{'value':>10}{'95 % interval':>22}"
    for name, title in TITLES.items():
        yield _line(title, result["metrics"][name])
    yield f"{'Mean predicted':30}{result['mean_predicted']:>10.4f}"
    yield f"{'Observed rate':30}{result['observed_rate']:>10.4f}"
    yield from _threshold_lines(result["threshold"])


def _threshold_lines(found: dict[str, Any]) -> Iterator[str]:
    best = found["best_on_these_rows"]
    yield f"At the policy's threshold (cost ratio {found['cost_ratio']:g}):"
    yield f"{'  threshold':30}{found['policy']['threshold']:>10.4f}"
    yield from _cost_lines(found["policy"])
    yield "At the cheapest threshold on these very rows (optimistic):"
    yield _line("  threshold", {"value": best["threshold"], "low": best["low"], "high": best["high"]})
    yield from _cost_lines(best)


def _cost_lines(found: dict[str, Any]) -> Iterator[str]:
    yield _line("  approval rate", found["approval_rate"])
    yield _line("  cost per application", found["cost_per_application"])


def _line(title: str, figure: dict[str, float]) -> str:
    interval = f"[{figure['low']:.4f}, {figure['high']:.4f}]"
    return f"{title:30}{figure['value']:>10.4f}{interval:>22}"
