"""evaluate_model: measure a model version on labelled tables it has not seen; nothing else reads test rows."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from modelling import registry
from modelling.errors import ModellingError
from modelling.management.terms import add_terms, terms_of
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
    """Parse, evaluate, keep that it was done, show a table and then the same figures as JSON."""

    help = "Measure a model version on a folder of labelled tables in the published layout, and keep that it was done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("version", help="number of the version, champion or latest")
        parser.add_argument("folder", type=Path, help=".csv, .csv.gz, .csv.zip or .parquet files")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of the last line")
        add_terms(parser)

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
    version, terms = registry.version(options["version"]), terms_of(options)
    found = evaluate(registry.bundle_of(version), read_folder(options["folder"]), terms=terms)
    readings = registry.note_reading(version, found)
    return {"model_version": version.number, "digest": version.digest, "readings": readings, **found}


def _lines(result: dict[str, Any]) -> Iterator[str]:
    left_out = result["left_out"]
    strays = ", ".join(f"{rows} of {table}" for table, rows in left_out["rows_without_application"].items())
    yield (
        f"Model version {result['model_version']}{' (demo data)' if result['is_demo'] else ''} on {result['clients']} "
        f"labelled clients, {result['defaults']} in default."
    )
    yield _reading_line(result["readings"])
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


def _reading_line(readings: dict[str, int]) -> str:
    if readings["by_this_version"] > 1:
        return (
            f"Reading no. {readings['by_this_version']} of these rows by this version: what was changed since the "
            "first has seen them, and the figures may flatter it."
        )
    if readings["by_any_version"] > 1:
        return (
            f"These rows were read for the first time by this version; in all {readings['by_any_version']} times by "
            f"{readings['versions']} versions: a version chosen by them is flattered by them."
        )
    return "These rows were read for the first time, and the reading is on record."


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
    loss = found.get("loss_of_the_sum_lent")
    if loss and loss["value"] is not None:
        yield _line("  loss of the sum lent", loss)


def _line(title: str, figure: dict[str, float]) -> str:
    interval = f"[{figure['low']:.4f}, {figure['high']:.4f}]"
    return f"{title:30}{figure['value']:>10.4f}{interval:>22}"
