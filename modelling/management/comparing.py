"""What compare_models and compare_sampling share: options, a progress bar, tables and the same figures as JSON."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override
from tqdm import tqdm

from modelling.comparisons import KNOWN, Order, run_comparison
from modelling.errors import ModellingError
from modelling.management.terms import add_terms, terms_of
from modelling.models import ComparisonRun
from modelling.sentences import TITLES

QUALITY = {
    "auc": "AUC",
    "pr_auc": "PR AUC",
    "ks": "KS",
    "brier": "Brier",
    "log_loss": "log loss",
    "calibration_slope": "slope",
    "calibration_intercept": "intercept",
    "ece": "ECE",
}
AT_THRESHOLD = {
    "f1": "F1",
    "f_beta": "F-beta",
    "precision": "precision",
    "recall": "recall",
    "matthews": "Matthews",
    "approval_rate": "approved",
    "cost_per_application": "cost",
}
CONFUSION = {
    "refused_defaults": "refused, default",
    "refused_repaid": "refused, repaid",
    "accepted_defaults": "accepted, default",
    "accepted_repaid": "accepted, repaid",
}
SPENT = {
    "fit_seconds": "fit s",
    "fit_cpu_seconds": "fit CPU s",
    "predict_microseconds": "µs a row",
    "peak_megabytes": "peak MB",
}
Figures = Mapping[str, Any]


class ComparingCommand(BaseCommand, ABC):
    """Parse, compare, show tables and leave the figures on record."""

    subject: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(KNOWN[self.subject])}; else all")
        parser.add_argument("--snapshot", default="latest", help="name of the snapshot, or latest")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--folds", type=int, default=5)
        add_terms(parser)
        parser.add_argument("--clients", type=int, metavar="N", help="draw N labelled clients, to be quicker")
        parser.add_argument("--controlled", nargs="+", action="extend", default=[], metavar="FEATURE")
        parser.add_argument("--choices", type=Path, metavar="FILE", help="TOML file of choices for single columns")
        parser.add_argument("--resume", action="store_true", help="go on with the comparison that was broken off")
        parser.add_argument("--language", choices=("en", "fr"), default="en", help="of the words")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")

    def handle(self, **options: Any) -> None:
        """Compare."""
        try:
            run = _compare(_order(self.subject, options))
        except ModellingError as error:
            raise CommandError(str(error)) from error
        results = [run.results[name] for name in run.names]
        with override(options["language"]):
            for line in self.lines(run, results):
                self.stdout.write(line)
        if options["json"]:
            content = json.dumps({"comparison": run.pk, "results": results}, ensure_ascii=False, indent=1)
            options["json"].write_text(content + "\n", encoding="utf-8")
        self.stdout.write(f"Comparison {run.pk}: {len(results)} on snapshot {run.snapshot_name}, kept on record.")

    @abstractmethod
    def lines(self, run: ComparisonRun, results: Sequence[Figures]) -> Iterator[str]:
        """Give the lines to show."""


def table(title: str, results: Sequence[Figures], columns: Mapping[str, str], part: str | None = None) -> Iterator[str]:
    """Give a table, a candidate a line; part: where in its figures the columns are, with their intervals."""
    widths = {key: max(9, len(word) + 2) for key, word in columns.items()}
    yield ""
    yield title
    yield f"{'':34}" + "".join(f"{word:>{widths[key]}}" for key, word in columns.items())
    for figures in results:
        found = figures[part] if part else figures
        cells = (f"{_cell(found[key]):>{widths[key]}}" for key in columns)
        yield f"{TITLES[figures['name']]!s:34}" + "".join(cells)


def _cell(figure: Any) -> str:
    value = figure["value"] if isinstance(figure, Mapping) else figure
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value}"
    return f"{value:.1f}" if isinstance(figure, float) else f"{value:.4f}"


def _order(subject: str, options: dict[str, Any]) -> Order:
    return Order(
        subject=subject,
        snapshot=options["snapshot"],
        names=tuple(options["names"]),
        seed=options["seed"],
        folds=options["folds"],
        terms=terms_of(options),
        controlled=tuple(options["controlled"]),
        clients=options["clients"],
        choices=options["choices"],
        is_resumed=options["resume"],
    )


def _compare(order: Order) -> ComparisonRun:
    names = order.names or KNOWN[order.subject]
    with tqdm(total=len(names) * order.folds, desc="comparing", unit="fold") as bar:

        def watch(name: str, _fold: int) -> None:
            bar.set_postfix_str(name)
            bar.update()

        return run_comparison(order, watch=watch)
