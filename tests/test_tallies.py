from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from applications.models import Agency, Application, Policy, Tally
from applications.selectors.portfolio import PORTFOLIO
from applications.services import tallies
from applications.services.tallies import count_everything, renew_tallies
from applications.tasks import renew_tallies as task
from modelling.features.schema import TABLES
from modelling.models import ModelVersion
from tests.factories import AgencyFactory, ApplicationFactory, BureauCreditFactory, PreviousApplicationFactory
from tests.pages import advice_on, assessed

EVERYTHING = {PORTFOLIO, "table:client", *(f"table:{table}" for table in TABLES)}


def facts(name: str) -> Any:
    return Tally.objects.get(name=name).facts


@pytest.mark.django_db
def test_everything_is_counted_even_where_there_is_nothing() -> None:
    count_everything()

    assert set(Tally.objects.values_list("name", flat=True)) == EVERYTHING
    assert facts(PORTFOLIO) == {"agencies": {}}
    assert all(facts(name) == {"rows": 0, "clients": 0} for name in EVERYTHING - {PORTFOLIO})


@pytest.mark.django_db
def test_rows_are_counted_with_the_clients_they_belong_to(agency: Agency) -> None:
    first, second, _third = (ApplicationFactory.create(agency=agency) for _ in range(3))
    for client in (first.client, first.client, second.client):
        BureauCreditFactory.create(client=client)
    PreviousApplicationFactory.create(client=first.client)
    credit = first.client.bureau_credits.first()
    assert credit is not None
    for month in range(4):
        credit.months.create(months_balance=-month, status="0")

    count_everything()

    assert facts("table:client") == {"rows": 3, "clients": 3}
    assert facts("table:application") == {"rows": 3, "clients": 3}
    assert facts("table:bureau") == {"rows": 3, "clients": 2}
    assert facts("table:bureau_balance") == {"rows": 4, "clients": 1}
    assert facts("table:previous_application") == {"rows": 1, "clients": 1}
    assert facts("table:pos_cash_balance") == {"rows": 0, "clients": 0}


@pytest.mark.django_db
def test_the_portfolio_is_counted_by_agency_advice_and_thousandth(champion: ModelVersion, policy: Policy) -> None:
    own, other = AgencyFactory.create(), AgencyFactory.create()
    applications = [
        assessed(agency=own),
        assessed(agency=own),
        assessed(agency=other, ext_source_2=0.9, ext_source_3=0.9),
    ]
    ApplicationFactory.create(agency=own)

    count_everything()

    counted = Tally.objects.get(name=PORTFOLIO).facts["agencies"]
    for agency in (own, other):
        cells = [
            (advice, place)
            for advice, places in counted[str(agency.pk)].items()
            for place, count in places
            for _ in range(count)
        ]
        expected = [advice_on(each) for each in applications if each.agency_id == agency.pk]
        assert sorted(cells) == sorted((each.recommendation, int(each.probability * 1000)) for each in expected)


@pytest.mark.django_db
def test_an_assessment_that_is_no_longer_current_does_not_count(champion: ModelVersion, policy: Policy) -> None:
    application = assessed()
    Application.objects.filter(pk=application.pk).update(current_assessment=None)

    count_everything()

    assert facts(PORTFOLIO) == {"agencies": {}}


@pytest.mark.django_db
def test_what_has_not_changed_is_not_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "_written", len)

    assert set(renew_tallies()) == EVERYTHING
    assert renew_tallies() == ()


@pytest.mark.django_db(transaction=True)
def test_what_was_written_to_is_counted_again_by_the_task(agency: Agency) -> None:
    def settle() -> None:
        # PostgreSQL tells others of what a session wrote only now and then.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT 1")

    settle()
    renew_tallies()

    ApplicationFactory.create(agency=agency)
    settle()
    task()

    assert facts("table:application") == {"rows": 1, "clients": 1}
