"""compare_models: kinds of model on the same clients and folds, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modelling.management.comparing import AT_THRESHOLD, CONFUSION, QUALITY, SPENT, ComparingCommand, Figures, table
from modelling.models import ComparisonRun
from modelling.training.classification import beta_of
from modelling.training.cost import optimal_threshold


class Command(ComparingCommand):
    """Compare kinds of model."""

    help = (
        "Compare kinds of model on a snapshot: quality out of fold, costs at the policy's threshold, time and memory."
    )
    subject = ComparisonRun.Subject.MODELS

    def lines(self, run: ComparisonRun, results: Sequence[Figures]) -> Iterator[str]:
        """Give the tables, then what the preprocessing chose, counted."""
        ratio = run.conditions["terms"]["cost_ratio"]
        threshold, beta = optimal_threshold(ratio), beta_of(ratio)
        yield from table("Out of fold, calibrated", results, QUALITY, "calibrated")
        at = f"Refused from {threshold:.4f} up (cost ratio {ratio:g}); beta {beta:.2f}"
        yield from table(at, results, AT_THRESHOLD, "calibrated")
        yield from table("Clients at that threshold", [{**each, **each["confusion"]} for each in results], CONFUSION)
        yield from table("Spent", results, SPENT)
