from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from applications.models import (
    Agency,
    Application,
    Instalment,
    Policy,
    Strategy,
)
from applications.models.application import Application as Facts
from applications.models.facts import published_fields
from applications.selectors.facts import USUAL, facts_of
from modelling import registry
from modelling.models import ModelVersion
from tests.factories import (
    AgencyFactory,
    ApplicationFactory,
    BureauCreditFactory,
    PolicyFactory,
    PreviousApplicationFactory,
)
from tests.pages import advice_on, assessed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(agency: Agency, champion: ModelVersion, policy: Policy) -> Application:
    return assessed(agency=agency)


def address(application: Application, rest: str = "") -> str:
    return f"/applications/{application.pk}{rest}"


def test_the_page_shows_the_facts_in_readable_units(browser: Browser, agency: Agency) -> None:
    page = text_of(browser.get(address(ApplicationFactory.create(agency=agency))))

    for words in ("25 ans", "1 an 8 mois", "406 597,50 €", "202 500 €", "Études supérieures", "Maison ou appartement"):
        assert words in page
    assert "-9461" not in page


def test_numbers_that_programs_read_are_written_without_spaces(browser: Browser, application: Application) -> None:
    page = browser.get(address(application)).content.decode()

    assert application.pk > 999
    assert f'name="earlier" value="{application.pk}"' in page
    assert f'next?after={application.pk}"' in page


def test_someone_without_a_job_is_not_employed_for_a_thousand_years(browser: Browser, agency: Agency) -> None:
    page = text_of(browser.get(address(ApplicationFactory.create(agency=agency, days_employed=365_243))))

    assert "Sans emploi" in page
    assert "999" not in page


def test_no_barred_column_is_ever_among_the_facts(agency: Agency) -> None:
    barred = [field for field in published_fields(Facts) if field.barred]
    application = ApplicationFactory.create(agency=agency)

    groups = facts_of(application, (*USUAL, *(field.name for field in barred)))

    labels = {fact.label for group in groups for fact in group}
    assert barred
    assert labels.isdisjoint({str(field.verbose_name) for field in barred})


def test_the_page_shows_advice_reasons_and_probability(browser: Browser, application: Application) -> None:
    response = browser.get(address(application))

    advice = response.context["advice"]
    page = text_of(response)
    assert f"{advice_on(application).probability * 100:.1f} %".replace(".", ",") in page
    reasons = advice.explanation.reasons
    assert reasons.raising or reasons.lowering
    for reason in (*reasons.raising, *reasons.lowering):
        assert reason.label in page
    assert "politique Standard 10:1" in page
    assert "Probabilité de défaut" in page


def test_base_factors_and_rest_sum_to_the_probability_shown(browser: Browser, application: Application) -> None:
    bars = browser.get(address(application)).context["advice"].explanation.bars

    total = bars.base + sum(row.factor.contribution for row in bars.rows) + bars.rest.contribution
    assert 1 / (1 + math.exp(-total)) == pytest.approx(advice_on(application).probability, abs=1e-6)


@pytest.mark.parametrize(("asked", "shown"), [("8", 8), ("15", 15), ("30", 30), ("500", 8), ("x", 8), ("", 8)])
def test_as_many_factors_are_shown_as_asked_the_largest_first(
    browser: Browser, application: Application, asked: str, shown: int
) -> None:
    rows = browser.get(address(application, f"?factors={asked}")).context["advice"].explanation.bars.rows

    sizes = [abs(row.factor.contribution) for row in rows]
    assert len(rows) == shown
    assert sizes == sorted(sizes, reverse=True)


def test_folded_scores_are_one_row_and_the_sum_stays(browser: Browser, application: Application) -> None:
    plain = browser.get(address(application)).context["advice"].explanation.bars
    response = browser.get(address(application, "?scores=folded"))

    bars = response.context["advice"].explanation.bars
    assert any(row.factor.is_opaque for row in plain.rows)
    assert not any(row.factor.is_opaque for row in bars.rows)
    assert bars.folded.count >= 2
    total = bars.base + sum(row.factor.contribution for row in bars.rows) + bars.folded.contribution
    assert total + bars.rest.contribution == pytest.approx(plain.log_odds, abs=1e-6)
    assert "repliés ici" in text_of(response)
    waterfall = browser.get(address(application, "/waterfall.json?scores=folded")).json()
    assert [step["kind"] for step in waterfall["steps"]][-3:] == ["folded", "rest", "total"]


def test_by_origin_the_sums_of_the_tables_give_the_probability(browser: Browser, application: Application) -> None:
    response = browser.get(address(application, "?view=origin&factors=30"))

    origins = response.context["advice"].explanation.origins
    sums = [group.total.contribution for group in origins.groups]
    assert origins.base + sum(sums) == pytest.approx(origins.log_odds, abs=1e-6)
    assert [abs(each) for each in sums] == sorted((abs(each) for each in sums), reverse=True)
    assert sum(len(group.rows) for group in origins.groups) == 30
    assert all(row.factor.source == group.table for group in origins.groups for row in group.rows)
    assert "Demandes" in text_of(response)


def test_each_strategy_says_what_it_would_advise_and_the_record_stays(
    browser: Browser, application: Application
) -> None:
    PolicyFactory.create(
        strategy=Strategy.PRUDENT, is_active=False, accept_below=0.001, refuse_from=0.002, medium_from=0.001
    )
    PolicyFactory.create(strategy=Strategy.OPEN, is_active=False, accept_below=0.998, refuse_from=0.999)
    recorded = advice_on(application).recommendation

    plain = browser.get(address(application))
    prudent = browser.get(address(application, "?strategy=prudent"))

    assert [each.recommendation for each in plain.context["advice"].strategies] == ["refuse", recorded, "accept"]
    assert "Rien n'est modifié" not in text_of(plain)
    assert prudent.context["advice"].seen.recommendation == "refuse"
    assert prudent.context["advice"].gap.is_above_refuse
    assert "Rien n'est modifié" in text_of(prudent)
    assert advice_on(application).recommendation == recorded
    assert browser.get(address(application, "?strategy=reckless")).context["advice"].is_recorded


def test_links_of_a_decision_to_correct_lead_back_to_the_page(browser: Browser, application: Application) -> None:
    page = browser.post(address(application, "/decision"), {"outcome": "", "reason": ""}).content.decode()

    assert f'href="/applications/{application.pk}?view=waterfall#factors"' in page


def test_the_waterfall_stands_on_the_page_as_a_table_too(browser: Browser, application: Application) -> None:
    response = browser.get(address(application, "?view=waterfall&factors=15"))

    figure = browser.get(address(application, "/waterfall.json?factors=15")).json()
    page = text_of(response)
    assert [step["kind"] for step in figure["steps"]] == ["base", *["factor"] * 15, "rest", "total"]
    for step in figure["steps"]:
        assert step["label"].replace("\u00a0", " ") in page
        assert step["probability_text"].replace("\u00a0", " ") in page


def test_without_an_assessment_there_is_no_waterfall(browser: Browser, agency: Agency) -> None:
    response = browser.get(address(ApplicationFactory.create(agency=agency), "/waterfall.json"))

    assert response.status_code == 404


def test_the_credit_history_is_told_in_numbers(browser: Browser, agency: Agency) -> None:
    application = ApplicationFactory.create(agency=agency)
    for state in ("Active", "Closed", "Closed"):
        BureauCreditFactory.create(client=application.client, credit_active=state)
    PreviousApplicationFactory.create(client=application.client)
    PreviousApplicationFactory.create(client=application.client, name_contract_status="Refused")
    # Of three instalments the second is paid in two parts, the last of them late.
    for instalment, delay in ((1, 0), (2, -3), (2, 4), (3, -1)):
        Instalment.objects.create(
            client=application.client,
            sk_id_prev=1,
            num_instalment_version=1,
            num_instalment_number=instalment,
            days_instalment=-30 * instalment,
            days_entry_payment=-30 * instalment + delay,
        )

    page = text_of(browser.get(address(application)))

    assert "3, dont 1 en cours" in page
    assert "2, dont 1 accordée" in page
    assert "1 sur 3" in page


@pytest.mark.parametrize("number", [1, 999_999_999, 10**30])
def test_an_unknown_number_is_a_page_that_says_so(browser: Browser, number: int) -> None:
    response = browser.get(f"/applications/{number}")

    assert response.status_code == 404
    assert "Introuvable" in text_of(response)
    assert "parmi celles" in text_of(response)


def test_a_foreign_application_answers_as_an_unknown_one(
    browser: Browser, champion: ModelVersion, policy: Policy
) -> None:
    foreign = assessed(agency=AgencyFactory.create())
    answers = [
        browser.get(address(foreign)),
        browser.get(address(foreign, "/state")),
        browser.get(address(foreign, "/waterfall.json")),
        browser.post(address(foreign, "/assessment")),
        browser.post(address(foreign, "/decision"), {"outcome": "accept", "reason": "x", "assessment": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert all("406" not in text_of(answer) for answer in answers)


def test_a_lost_bundle_costs_the_explanation_not_the_page(browser: Browser, application: Application) -> None:
    folder = Path(settings.BUNDLES_DIR) / advice_on(application).model_version.bundle_path
    away = folder.with_name("away")
    shutil.move(folder, away)
    registry._load.cache_clear()
    try:
        response = browser.get(address(application))
    finally:
        shutil.move(away, folder)

    assert response.status_code == 200
    assert response.context["advice"].explanation is None
    assert "politique Standard 10:1" in text_of(response)


def test_a_long_history_takes_no_more_queries_than_a_short_one(
    browser: Browser, application: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(address(application))
    # session, person, his agency; the application with its relations; three of credit history, two of
    # what happened; the strategies, the preferences
    with django_assert_num_queries(11):
        browser.get(address(application))
    for _ in range(10):
        BureauCreditFactory.create(client=application.client)
        PreviousApplicationFactory.create(client=application.client)

    with django_assert_num_queries(11):
        browser.get(address(application))


def test_the_training_report_is_not_read_for_a_client(
    browser: Browser, application: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(address(application))
    with django_assert_num_queries(11) as asked:
        browser.get(address(application))

    assert not [query["sql"] for query in asked if '"model_version"."report"' in query["sql"]]


def test_every_text_of_the_page_is_escaped(browser: Browser, agency: Agency) -> None:
    application = ApplicationFactory.create(agency=agency, occupation_type="<script>alert(1)</script>")

    page = browser.get(address(application)).content.decode()

    assert "<script>alert(1)" not in page


def test_the_page_carries_no_inline_style_or_script(browser: Browser, application: Application) -> None:
    page = browser.get(address(application)).content.decode()

    assert " style=" not in page
    assert "<style" not in page
    assert all(" src=" in part.split(">")[0] for part in page.split("<script")[1:])
    assert " onclick=" not in page


def test_the_golden_waterfall_has_the_shape_the_page_serves(browser: Browser, application: Application) -> None:
    golden = json.loads((Path(__file__).parent / "golden" / "waterfall.json").read_text(encoding="utf-8"))

    figure = browser.get(address(application, "/waterfall.json")).json()

    assert figure.keys() == golden.keys()
    assert figure["steps"][0].keys() == golden["steps"][0].keys()
