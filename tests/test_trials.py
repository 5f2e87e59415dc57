from __future__ import annotations

import polars as pl
import pytest

from applications import sources
from applications.models import Agency, Application, Policy
from applications.services.assessing.computing import in_force
from applications.services.limits import limits_of
from applications.services.trials import assess_tables, changed, variants
from modelling.models import ModelVersion
from tests.factories import ApplicationFactory, BureauCreditFactory, PolicyFactory, PreviousApplicationFactory
from tests.pages import advice_on, assessed

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(agency: Agency, champion: ModelVersion, policy: Policy) -> Application:
    application = ApplicationFactory.create(agency=agency)
    BureauCreditFactory.create_batch(3, client=application.client)
    PreviousApplicationFactory.create_batch(2, client=application.client)
    return application


def test_facts_as_they_are_give_the_stored_assessment_to_the_bit(
    agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    application = assessed(agency=agency)
    stored = advice_on(application)

    [tried] = assess_tables(sources.tables_of([application.pk]), in_force())

    assert tried._state.adding
    assert tried.probability == stored.probability
    assert tried.contributions == bytes(stored.contributions)
    assert tried.reasons == stored.reasons


def test_a_changed_fact_gives_what_an_application_with_that_fact_would_get(application: Application) -> None:
    tables = sources.tables_of([application.pk])
    [tried] = assess_tables(changed(tables, {"ext_source_3": 0.9, "ext_source_2": None}), in_force())

    Application.objects.filter(pk=application.pk).update(ext_source_3=0.9, ext_source_2=None)
    [real] = assess_tables(sources.tables_of([application.pk]), in_force())

    assert tried.probability == real.probability


def test_variants_assessed_together_are_what_each_is_alone(application: Application) -> None:
    tables = sources.tables_of([application.pk])
    tried = [{"amt_credit": 1e5}, {}, {"amt_annuity": 5e3, "ext_source_2": 0.8}]

    together = assess_tables(variants(tables, tried), in_force())

    alone = [assess_tables(changed(tables, changes), in_force())[0] for changes in tried]
    assert [one.probability for one in together] == [one.probability for one in alone]
    assert [one.contributions for one in together] == [one.contributions for one in alone]


def test_within_the_bounds_found_the_loan_is_granted(application: Application) -> None:
    tables, used = sources.tables_of([application.pk]), in_force()
    ease = pl.Series([each.probability for each in assess_tables(variants(tables, _smaller()), used)])
    policy = PolicyFactory.build(accept_below=float(ease.median() or 0), refuse_from=0.9)  # type: ignore[arg-type]
    used = type(used)(used.version, used.bundle, policy)

    found = limits_of(tables, used)

    for limit in (found.smaller, found.longer):
        if limit is not None:
            assert limit.probability < policy.accept_below


def test_where_nothing_is_granted_no_bound_is_told(application: Application) -> None:
    used = in_force()
    strict = PolicyFactory.build(accept_below=1e-9, refuse_from=0.9)

    found = limits_of(sources.tables_of([application.pk]), type(used)(used.version, used.bundle, strict))

    assert (found.smaller, found.longer) == (None, None)


def _smaller() -> list[dict[str, float]]:
    return [{"amt_credit": 406_597.5 * share, "amt_annuity": 24_700.5 * share} for share in (0.9, 0.6, 0.3)]
