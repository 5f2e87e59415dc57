"""compare_sampling: treatments of imbalance on the same clients and folds, calibration beside AUC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modelling.management.comparing import AT_THRESHOLD, QUALITY, SPENT, ComparingCommand, Figures, table
from modelling.models import ComparisonRun
from modelling.sentences import TITLES, of_treatment

LEVEL = {"mean_predicted": "mean predicted", "observed_rate": "observed"}


class Command(ComparingCommand):
    """Compare treatments of imbalance."""

    help = "Compare treatments of imbalance on a snapshot, and say what each does to the probabilities."
    subject = ComparisonRun.Subject.SAMPLING

    def lines(self, run: ComparisonRun, results: Sequence[Figures]) -> Iterator[str]:
        """Give the tables, then each treatment in words."""
        yield from table("Out of fold, as it comes", results, QUALITY, "as_it_comes")
        level = [{**each, **{key: {"value": each[key]} for key in LEVEL}} for each in results]
        yield from table("Level, as it comes", level, LEVEL)
        yield from table("Out of fold, calibrated", results, {**QUALITY, **AT_THRESHOLD}, "calibrated")
        yield from table("Spent", results, SPENT)
        untreated = run.results.get("none", results[0])
        for figures in results:
            yield ""
            yield f"{TITLES[figures['name']]}: {' '.join(of_treatment(figures, untreated))}"
