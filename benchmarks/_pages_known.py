"""The pages and charts that are measured, with what each may take."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT, TRIAL_LIMIT, SCAN_LIMIT = 150.0, 300.0, 400.0  # milliseconds, 95 times of 100
LARGEST_RATIO = 1.2


@dataclass(frozen=True)
class Page:
    """One address, whose {feature} is one the model reads.

    is_steady: it must take the same time at any size. is_trial: a form of what-if is sent to it.
    """

    name: str
    path: str
    limit: float = LIMIT
    is_steady: bool = False
    is_trial: bool = False


PAGES = (
    Page("list", "/applications/", is_steady=True),
    Page("list, to decide, oldest", "/applications/?stage=to_decide&order=oldest", is_steady=True),
    Page("list, riskiest", "/applications/?order=riskiest", is_steady=True),
    Page("list, refused, largest", "/applications/?advice=refuse&order=largest"),
    Page("list, last page", "/applications/?page=40"),
    Page("list, number begins", "/applications/?number=1002"),
    Page("application", "/applications/{number}", is_steady=True),
    Page("application, waterfall", "/applications/{number}?view=waterfall&factors=30"),
    Page("application, by origin", "/applications/{number}?view=origin"),
    Page("waterfall figure", "/applications/{number}/waterfall.json"),
    Page("what if", "/applications/{number}/what-if", TRIAL_LIMIT),
    Page("what if, tried", "/applications/{number}/what-if", TRIAL_LIMIT, is_trial=True),
    Page("credit history", "/applications/{number}/credits"),
    Page("changes", "/applications/{number}/changes"),
    Page("compare", "/applications/{number}/compare", SCAN_LIMIT),
    Page("compare, similar", "/applications/{number}/compare?group=similar", SCAN_LIMIT),
    Page("compare figure", "/applications/{number}/compare/distribution.json", SCAN_LIMIT),
    Page("compare, by outcome", "/applications/{number}/compare/boxes.json", SCAN_LIMIT),
    Page("two variables", "/applications/{number}/pairs", SCAN_LIMIT),
    Page("two variables figure", "/applications/{number}/pairs.json", SCAN_LIMIT),
    Page("effect", "/applications/{number}/effect", SCAN_LIMIT),
    Page("effect figure", "/applications/{number}/effect.json?feature={feature}", SCAN_LIMIT),
    Page("fields", "/applications/{number}/fields"),
    Page("new application", "/applications/new"),
    Page("files", "/applications/files/"),
    Page("portfolio", "/portfolio/", SCAN_LIMIT),
    Page("portfolio figure", "/portfolio/histogram.json", SCAN_LIMIT),
    Page("portfolio, one placed", "/portfolio/?application={number}", SCAN_LIMIT),
    Page("global explanation", "/model/explanation/"),
    Page("beeswarm figure", "/model/explanation/beeswarm.json"),
    Page("effects over all", "/model/explanation/effects"),
    Page("effects over all, figure", "/model/explanation/effects.json?feature={feature}"),
    Page("dictionary", "/dictionary/"),
    Page("dictionary, searched", "/dictionary/?text=score"),
    Page("dictionary, one entry", "/dictionary/ext_source_2"),
    Page("map of the tables", "/tables/"),
    Page("model versions", "/model/versions/"),
    Page("model card", "/model/versions/{version}/"),
    Page("fairness", "/model/versions/{version}/fairness"),
    Page("curves", "/model/versions/{version}/curves"),
    Page("comparisons", "/model/comparisons/"),
    Page("trainings", "/model/trainings/"),
    Page("performance", "/model/performance/"),
    Page("drift", "/model/drift/"),
    Page("data quality", "/quality/"),
)
