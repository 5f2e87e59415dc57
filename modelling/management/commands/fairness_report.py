"""fairness_report: how a model version treats groups, what its features give away, and what the gate costs."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from modelling import registry
from modelling.errors import ModellingError
from modelling.fairness_reports import measure_gate, report_fairness
from modelling.models import FairnessReport
from modelling.training.proxies import ATTRIBUTES, beyond

RATES = {"approval_rate": "approved", "observed": "observed", "caught": "caught", "false_alarms": "false alarms"}
GATES = {"with_controlled": "with the controlled features", "with_barred": "with the barred ones too"}
METRICS = {"auc": "AUC", "cost_per_application": "cost an application"}
TOP = 10
Figures = Mapping[str, Any]


class Command(BaseCommand):
    """Parse, measure, keep the report and show it."""

    help = "Measure how a model version treats groups of clients, out of fold, and keep the report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("version", help="number of the version, champion or latest")
        parser.add_argument("--threshold", type=float, help="the policy's, when it is not that of the training")
        parser.add_argument(
            "--gate-cost", action="store_true", help="train twice more, without the gate, to measure what it costs"
        )

    def handle(self, **options: Any) -> None:
        """Report."""
        try:
            report = _report(options)
        except ModellingError as error:
            raise CommandError(str(error)) from error
        for line in _lines(report):
            self.stdout.write(line)


def _report(options: dict[str, Any]) -> FairnessReport:
    version = registry.version(options["version"])
    report = report_fairness(version, threshold=options["threshold"])
    if not options["gate_cost"]:
        return report
    with tqdm(total=2 * (version.report["folds"] + 1), desc="without the gate", unit="step") as bar:

        def progress(step: str) -> None:
            bar.set_postfix_str(step)
            bar.update()

        return measure_gate(report, progress=progress)


def _lines(report: FairnessReport) -> Iterator[str]:
    yield (
        f"Model version {report.version.number}, threshold {report.threshold:.4f}, {report.groups['clients']} clients, "
        "each predicted out of fold; rates with 95 % intervals."
    )
    for attribute in report.groups["attributes"]:
        yield from _attribute_lines(attribute)
    yield from _gate_lines(report.gate)
    yield from _proxy_lines(report)


def _attribute_lines(attribute: Figures) -> Iterator[str]:
    yield ""
    yield f"{attribute['name']:22}{'clients':>9}{'predicted':>11}" + "".join(f"{word:>24}" for word in RATES.values())
    for row in attribute["groups"]:
        note = "" if row["is_large_enough"] else "  too few to judge"
        note += "" if row["is_calibrated"] else "  predicted outside the interval"
        rates = "".join(f"{_share(row[name]):>24}" for name in RATES)
        yield f"{row['group']:22}{row['clients']:>9}{row['predicted']:>11.2%}{rates}{note}"
    for name, gap in attribute["gaps"].items():
        ratio = "–" if gap["ratio"] is None else f"{gap['ratio']:.3f}"
        yield f"  {RATES[name]}: widest difference {gap['difference']:.2%}, smallest ratio {ratio}"


def _share(rate: Figures) -> str:
    return "–" if rate["value"] is None else f"{rate['value']:.2%} [{rate['low']:.2%}, {rate['high']:.2%}]"


def _gate_lines(gate: Figures | None) -> Iterator[str]:
    if gate is None:
        return
    yield ""
    yield f"The gate, on the same {gate['clients']} clients and folds:"
    for manner, words in GATES.items():
        for name, title in METRICS.items():
            found = gate[manner][name]
            interval = f"[{found['low']:+.4f}, {found['high']:+.4f}]"
            yield f"  {words}: {title} {found['open']:.4f}, not {found['gated']:.4f}: {found['value']:+.4f} {interval}"


def _proxy_lines(report: FairnessReport) -> Iterator[str]:
    found, limit = report.proxies, settings.PROXY_AUC_LIMIT
    for attribute in ATTRIBUTES:
        yield ""
        yield f"How well {attribute} is told ({found['clients']} clients), AUC, 0.5 is chance:"
        for title, row in (("the model's own score", found["score"]), ("all features together", found["together"])):
            yield f"  {title:36}{row[attribute]['auc']:.3f}  {row[attribute]['group']}"
        for row in sorted(found["features"], key=lambda row: -row[attribute]["auc"])[:TOP]:
            yield f"  {row['feature']:36}{row[attribute]['auc']:.3f}  {row[attribute]['group']}"
    proxies = beyond(found, limit=limit)
    named = ", ".join(f"{proxy.feature} ({proxy.attribute}, {proxy.auc:.3f})" for proxy in proxies)
    yield ""
    yield (
        f"Beyond the limit of {limit}: {named}. Each needs a named person's note before this version is promoted."
        if proxies
        else f"No feature tells sex or age beyond the limit of {limit}."
    )
