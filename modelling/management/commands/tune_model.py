"""tune_model: search the booster's settings; stop it and start it again as you like."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from modelling.errors import ModellingError
from modelling.studies import Found, tune
from modelling.training.search import Budget, Objective, Search

TRIALS = 50
SELECTIONS = ("gain", "null-importance")


class Command(BaseCommand):
    """Parse, search, say what was found."""

    help = "Search the booster's settings on a snapshot. The study is kept: the same command goes on with it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--study", required=True, metavar="NAME", help="a new one, or one to go on with")
        parser.add_argument("--snapshot", default="latest", help="name of the snapshot, or latest")
        parser.add_argument("--trials", type=int, metavar="N", help=f"until the study holds N; by default {TRIALS}")
        parser.add_argument("--minutes", type=float, metavar="M", help="begin no trial after M minutes of this run")
        parser.add_argument("--objective", choices=list(Objective), default=Objective.AUC.value)
        parser.add_argument("--cost-ratio", type=float, default=Search.cost_ratio, help="for --objective cost")
        parser.add_argument("--selection", choices=SELECTIONS, default=SELECTIONS[0], help="of the features")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--folds", type=int, default=5)
        parser.add_argument("--controlled", nargs="+", action="extend", default=[], metavar="FEATURE")

    def handle(self, **options: Any) -> None:
        """Search."""
        trials = TRIALS if options["trials"] is None and options["minutes"] is None else options["trials"]
        try:
            budget = Budget(trials, options["minutes"])
            found = _tune(options, _search(options), budget)
        except ModellingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_summary(found))


def _search(options: dict[str, Any]) -> Search:
    return Search(
        objective=options["objective"],
        seed=options["seed"],
        folds=options["folds"],
        cost_ratio=options["cost_ratio"],
        selection=options["selection"],
        controlled=tuple(options["controlled"]),
    )


def _tune(options: dict[str, Any], search: Search, budget: Budget) -> Found:
    with tqdm(total=budget.trials, desc="tuning", unit="trial") as bar:

        def watch(found: Found) -> None:
            if found.best is not None:
                bar.set_postfix_str(f"best {found.best.value:.5f}")
            bar.update(len(found.trials) - bar.n)

        return tune(options["study"], options["snapshot"], search, budget, watch=watch)


def _summary(found: Found) -> str:
    given_up = sum(trial.value is None for trial in found.trials)
    told = f"Study {found.name}: {len(found.trials)} trials, {given_up} of them given up early."
    if found.best is None or found.trials[0].value is None:
        return told
    settings = ", ".join(f"{name}={value:.4g}" for name, value in found.best.settings.items())
    return (
        f"{told} Best {found.facts['objective']} {found.best.value:.5f} in trial {found.best.number}; the standard "
        f"settings reach {found.trials[0].value:.5f}. {settings}. Train with it: train_model --study {found.name}"
    )
