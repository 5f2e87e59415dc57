"""A few dozen assessed applications of two agencies, laid out as the population."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from applications.models import Agency, Application
from applications.selectors.population import Population, current_population
from applications.services.assessment import answer_requests, request_assessments
from applications.services.population import lay_out_population
from tests.factories import ApplicationFactory

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
OURS, THEIRS = 8, 16


def crowd_of(ours: Agency, theirs: Agency) -> list[Application]:
    """Assess OURS applications of one agency and THEIRS of another; incomes rise by 10,000 from 100,000."""
    found = [_application(place, ours if place < OURS else theirs) for place in range(OURS + THEIRS)]
    numbers = [application.pk for application in found]
    request_assessments(numbers)
    answer_requests(numbers)
    for application in found:
        application.refresh_from_db()
    return found


def laid_out() -> Population:
    """Lay out whatever is assessed."""
    lay_out_population(now=NOW)
    found = current_population()
    assert found is not None
    return found


def incomes_of(applications: Iterable[Application]) -> list[float]:
    """Give what each of them earns."""
    return [float(application.amt_income_total or 0) for application in applications]


def _application(place: int, agency: Agency) -> Application:
    return ApplicationFactory.create(
        agency=agency,
        amt_income_total=100_000.0 + 10_000 * place,
        amt_credit=200_000.0 + 30_000 * (place % 7),
        ext_source_2=None if place % 6 == 5 else 0.04 * place,
        name_contract_type="Revolving loans" if place % 4 == 3 else "Cash loans",
        name_education_type="Higher education" if place % 2 else "Lower secondary",
        target=(0, 1, None)[place % 3],
    )
