"""train_model: train on a snapshot and register the bundle as a candidate."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from modelling.cluster import connected
from modelling.errors import ModellingError
from modelling.features.feature import Lesson
from modelling.management.terms import add_terms, terms_of
from modelling.models import ModelVersion
from modelling.studies import best_settings
from modelling.training.growing import Grower, Here
from modelling.training.on_cluster import OnCluster
from modelling.training.parameters import MOST_FEATURES, USUAL_LESSONS
from modelling.training.pricing import is_calibration_alarm
from modelling.training.run import Plan
from modelling.training.selection import Selection
from modelling.trainings import train_version

ALARM = (
    " CALIBRATION ALARM: at {cost_ratio:g}:1 the cheapest threshold is {cheapest:.4f}, not {calibrated_threshold:.4f} "
    "as calibrated probabilities would have it."
)


class Command(BaseCommand):
    """Parse, train, say what came of it."""

    help = "Train a model version on a snapshot and register it as a candidate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--snapshot", default="latest", help="name of the snapshot, or latest")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--folds", type=int, default=5)
        add_terms(parser)
        parser.add_argument("--most-features", type=int, default=MOST_FEATURES, help="how many the booster reads")
        parser.add_argument(
            "--controlled", nargs="+", action="extend", default=[], metavar="FEATURE", help="controlled features to use"
        )
        parser.add_argument("--reason", default="", metavar="TEXT", help="why the controlled features are used")
        parser.add_argument(
            "--learnt",
            nargs="*",
            choices=[*Lesson],
            default=list(USUAL_LESSONS),
            metavar="LESSON",
            help=f"what the population teaches: any of {', '.join(Lesson)}; none after a bare --learnt "
            f"(default: {' '.join(USUAL_LESSONS)})",
        )
        parser.add_argument(
            "--selection", choices=[*Selection], default=Selection.GAIN.value, help="how the features are chosen"
        )
        parser.add_argument(
            "--cluster",
            metavar="ADDRESS",
            help="grow the trees on the Dask cluster whose scheduler is there (tcp://HOST:PORT); its workers need this "
            "same code. The scheduler may run anything here: name only one you trust",
        )
        parser.add_argument("--study", metavar="NAME", help="take the best settings that tune_model found under NAME")
        parser.add_argument(
            "--parameter", type=_setting, action="append", default=[], metavar="NAME=NUMBER", help="a booster setting"
        )

    def handle(self, **options: Any) -> None:
        """Train."""
        try:
            with _grower(options["cluster"]) as grower:
                version = _train(options["snapshot"], replace(_plan(options), grower=grower))
        except ModellingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_summary(version))


@contextmanager
def _grower(address: str | None) -> Iterator[Grower]:
    if address is None:
        yield Here()
        return
    with connected(address) as client:
        yield OnCluster(client)


def _plan(options: dict[str, Any]) -> Plan:
    return Plan(
        seed=options["seed"],
        folds=options["folds"],
        terms=terms_of(options),
        controlled=tuple(options["controlled"]),
        reason=options["reason"],
        lessons=tuple(lesson for lesson in Lesson if lesson in options["learnt"]),
        most_features=options["most_features"],
        selection=Selection(options["selection"]),
        overrides={**(best_settings(options["study"]) if options["study"] else {}), **dict(options["parameter"])},
    )


def _train(snapshot: str, plan: Plan) -> ModelVersion:
    with tqdm(total=plan.folds + 4, desc="training", unit="step") as bar:

        def progress(step: str) -> None:
            bar.set_postfix_str(step)
            bar.update()

        return train_version(snapshot, plan, progress=progress)


def _summary(version: ModelVersion) -> str:
    auc, found = version.metrics["auc"], version.report["threshold"]
    alarm = is_calibration_alarm(found, limit=settings.CALIBRATION_GAP_LIMIT)
    return (
        f"Model version {version.number} ({version.state}): {len(version.features)} features, "
        f"AUC {auc['value']:.4f} [{auc['low']:.4f}, {auc['high']:.4f}] out of fold, "
        f"calibration slope {version.metrics['calibration_slope']['value']:.3f}, digest {version.digest[:16]}."
        + (ALARM.format(**found, cheapest=found["best_on_these_rows"]["threshold"]) if alarm else "")
    )


def _setting(text: str) -> tuple[str, float | int]:
    name, _, value = text.partition("=")
    try:
        return name, float(value) if set(value) & set(".e") else int(value)
    except ValueError:
        raise ArgumentTypeError(f"expected NAME=NUMBER, came {text!r}") from None
