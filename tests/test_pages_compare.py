from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from applications.access import LEAST_GROUP
from applications.models import Agency, Application, Role
from applications.selectors.population import Population
from applications.views.compare import BESIDE
from modelling.features.catalogue import CATALOGUE
from modelling.features.legal import BARRED_COLUMNS
from tests.crowd import OURS, THEIRS, incomes_of
from tests.factories import ApplicationFactory, UserFactory
from tests.pages import browser_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_state")]
EVERYBODY = OURS + THEIRS


@pytest.fixture
def analyst() -> Browser:
    return browser_of(UserFactory.create(role=Role.ANALYST))


def address(application: Application, query: str = "", chart: str = "") -> str:
    return f"/applications/{application.pk}/compare{f'/{chart}.json' if chart else ''}{query}"


def bars(browser: Browser, application: Application, query: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(browser.get(address(application, query, "distribution")).content)
    return found


def test_the_right_client_is_highlighted(browser: Browser, crowd: list[Application], population: Population) -> None:
    low, high = np.quantile(population.columns.column("amt_income_total").astype(float), (0.01, 0.99))
    for application, income in zip(crowd[:OURS], incomes_of(crowd), strict=False):
        figure = bars(browser, application, "?by=amt_income_total")

        [own] = [number for number, bar in enumerate(figure["bars"]) if bar["is_client"]]
        assert own <= figure["client"] <= own + 1
        share = np.clip((income - low) / (high - low), 0, 1)
        assert figure["client"] == pytest.approx(share * len(figure["bars"]))
        assert figure["client_text"] == f"{income:,.0f} €".replace(",", "\u00a0").replace(" ", "\u00a0")


def test_the_clients_own_word_is_highlighted_and_no_other(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    words: dict[str | None, str] = {"Cash loans": "Prêt personnel", "Revolving loans": "Crédit renouvelable"}
    for application in crowd[:4]:
        figure = bars(browser, application, "?by=name_contract_type")

        own = [bar["label"] for bar in figure["bars"] if bar["is_client"]]
        assert own == [words[application.name_contract_type]]


def test_a_client_without_a_value_is_highlighted_nowhere(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    figure = bars(browser, crowd[5], "?by=ext_source_2")

    assert not any(bar["is_client"] for bar in figure["bars"])
    assert figure["client"] is None
    assert figure["missing"] == 4


def test_every_client_of_the_group_stands_in_one_bar_and_the_average_is_theirs(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    figure = bars(
        browser, crowd[0], "?by=amt_income_total&group=some&feature=amt_income_total&operator=ge&value=200 000"
    )

    incomes = [income for income in incomes_of(crowd) if income >= 200_000]
    assert figure["n"] == len(incomes) == sum(bar["clients"] for bar in figure["bars"])
    assert figure["mean_text"].replace("\u00a0", " ") == f"{np.mean(incomes):,.0f} €".replace(",", " ")


def test_several_conditions_must_all_hold(browser: Browser, crowd: list[Application], population: Population) -> None:
    query = "?group=some&feature=amt_income_total&operator=lt&value=300000"
    query += "&feature=name_contract_type&operator=eq&value=Prêt+personnel"

    group = browser.get(address(crowd[0], query)).context["group"]

    are_cash = [one.name_contract_type == "Cash loans" for one in crowd]
    wanted = [income < 300_000 and is_cash for income, is_cash in zip(incomes_of(crowd), are_cash, strict=True)]
    assert group.mask.tolist() == wanted


def test_boxes_hold_those_who_repaid_and_those_who_defaulted(
    analyst: Browser, crowd: list[Application], population: Population
) -> None:
    figure = json.loads(analyst.get(address(crowd[3], "?by=amt_income_total", "boxes")).content)

    repaid, defaulted = (incomes_of(one for one in crowd if one.target == outcome) for outcome in (0, 1))
    assert [box["quantiles"][2] for box in figure["boxes"]] == [np.median(repaid), np.median(defaulted)]
    assert [box["clients"] for box in figure["boxes"]] == [len(repaid), len(defaulted)]
    assert figure["client"] == crowd[3].amt_income_total


def test_an_advisor_is_not_told_figures_of_a_few(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    query = f"?group=some&feature=amt_income_total&operator=le&value={100_000 + 10_000 * (LEAST_GROUP - 2)}"

    response = browser.get(address(crowd[0], query))

    assert f"Seuls {LEAST_GROUP - 1} clients" in text_of(response)
    assert "figure" not in response.context
    assert browser.get(address(crowd[0], query, "distribution")).status_code == 404
    boxes = json.loads(browser.get(address(crowd[0], "?by=amt_income_total", "boxes")).content)["boxes"]
    assert [box["quantiles"] for box in boxes] == [None, None]


def test_whoever_may_see_all_files_is_told_figures_of_a_few(
    analyst: Browser, crowd: list[Application], population: Population
) -> None:
    query = "?group=some&feature=amt_income_total&operator=le&value=110000&by=amt_income_total"

    assert bars(analyst, crowd[0], query)["n"] == 2


def test_rows_are_those_one_may_see_and_the_others_are_said_to_be_left_out(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    response = browser.get(address(crowd[0]))

    shown = {row.application.pk for row in response.context["peers"].rows}
    assert shown == {one.pk for one in crowd[:OURS]}
    assert response.context["peers"].hidden == THEIRS
    assert "sans être listées" in text_of(response)
    assert not any(f"/applications/{one.pk}" in response.content.decode() for one in crowd[OURS:])


def test_the_similar_clients_come_with_what_sets_them_apart(
    analyst: Browser, crowd: list[Application], population: Population
) -> None:
    response = analyst.get(address(crowd[0], "?group=similar&by=amt_credit"))

    rows = response.context["peers"].rows
    assert len(rows) == 20
    assert crowd[0].pk not in {row.application.pk for row in rows}
    assert [row.distance for row in rows] == sorted(row.distance for row in rows)
    assert all(row.differences for row in rows if row.distance > 0)
    assert response.context["figure"].n == 20


def test_an_advisor_sees_of_the_similar_clients_those_of_his_agency(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    response = browser.get(address(crowd[0], "?group=similar"))

    peers = response.context["peers"]
    assert {row.application.agency_id for row in peers.rows} == {crowd[0].agency_id}
    assert len(peers.rows) + peers.hidden == 20
    assert f"{peers.hidden} d'entre eux" in text_of(response)


def test_nothing_barred_is_offered(browser: Browser, crowd: list[Application], population: Population) -> None:
    offered = {name for choice in browser.get(address(crowd[0])).context["choices"] for name, _ in choice.features}

    assert "amt_credit" in offered
    assert not {column for name in offered for column in CATALOGUE[name].columns} & BARRED_COLUMNS


def test_a_variable_that_is_not_offered_is_as_if_none_were_asked_for(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    for name in ("code_gender", "name_family_status", "nonsense", "%00", ""):
        response = browser.get(address(crowd[0], f"?by={name}"))

        assert response.status_code == 200
        assert response.context["variable"].name in population.features


def test_where_none_is_asked_for_the_client_has_a_value_of_the_variable(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    for application in crowd[:6]:
        assert bars(browser, application, "")["client_text"] != "non renseigné"


NONSENSE = {
    "feature=nonsense&operator=eq&value=1": "Cette variable n'existe pas parmi les filtres",
    "feature=code_gender&operator=eq&value=F": "Cette variable n'existe pas parmi les filtres",
    "feature=amt_credit&operator=like&value=1": "Cette comparaison n'existe pas",
    "feature=amt_credit&operator=lt&value=beaucoup": "Un nombre est attendu pour « Montant du crédit »",
    "feature=amt_credit&operator=lt&value=nan": "Un nombre est attendu",
    "feature=amt_credit&operator=lt&value=1e300": "Un nombre est attendu",
    "feature=amt_credit&operator=lt": "Un nombre est attendu",
    "feature=name_contract_type&operator=eq&value=rien": "« Type de crédit » n'a pas de valeur « rien »",
    "feature=name_contract_type&operator=gt&value=Cash loans": "« Type de crédit » est un mot",
}


def test_a_filter_that_makes_no_sense_is_told_in_a_sentence(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    for condition, sentence in NONSENSE.items():
        response = browser.get(address(crowd[0], f"?group=some&{condition}"))

        assert response.status_code == 200
        assert sentence in text_of(response)
        assert response.context["group"].clients == EVERYBODY


def test_a_group_nobody_is_in_is_told(analyst: Browser, crowd: list[Application], population: Population) -> None:
    response = analyst.get(address(crowd[0], "?group=some&feature=amt_credit&operator=lt&value=1"))

    assert "Aucun client ne remplit ces conditions" in text_of(response)


def test_before_the_population_is_laid_out_the_page_says_so(browser: Browser, crowd: list[Application]) -> None:
    assert "La population est en préparation" in text_of(browser.get(address(crowd[0])))
    assert browser.get(address(crowd[0], chart="distribution")).status_code == 404


def test_without_an_assessment_the_page_says_what_to_do(
    browser: Browser, agency: Agency, population: Population
) -> None:
    application = ApplicationFactory.create(agency=agency)

    assert "n'a pas d'évaluation" in text_of(browser.get(address(application)))


def test_a_figure_that_does_not_exist_is_not_found(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    assert browser.get(address(crowd[0], chart="pie")).status_code == 404
    assert browser.get(address(crowd[0], "?by=name_contract_type", "boxes")).status_code == 404


def test_a_foreign_application_does_not_exist(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    for chart in ("", "distribution", "boxes"):
        assert browser.get(address(crowd[OURS], chart=chart)).status_code == 404
        assert Browser().get(address(crowd[0], chart=chart)).status_code == 302


def test_queries_do_not_grow_with_the_group(analyst: Browser, crowd: list[Application], population: Population) -> None:
    counts = {}
    analyst.get(address(crowd[0]))  # the first request of a session reads the site's settings
    for query in ("?group=all", "?group=similar", "?group=some&feature=amt_income_total&operator=le&value=100000"):
        with CaptureQueriesContext(connection) as queries:
            assert analyst.get(address(crowd[0], query)).status_code == 200
        counts[query.split("&")[0]] = len(queries)

    assert counts["?group=all"] == counts["?group=some"]
    assert counts["?group=similar"] == counts["?group=all"] - 1  # all similar ones are shown, none is drawn


def test_what_weighs_most_stands_beside_by_outcome_with_the_client_in_it(
    analyst: Browser, crowd: list[Application], population: Population
) -> None:
    response = analyst.get(address(crowd[0], "?by=amt_income_total"))

    drawn = response.context["by_outcome"]
    names = [variable.name for variable, _boxes in drawn]
    assert 1 < len(names) == len(set(names)) <= BESIDE
    assert "amt_income_total" not in names
    for variable, boxes in drawn:
        told = json.loads(analyst.get(address(crowd[0], f"?by={variable.name}", "boxes")).content)
        assert told["client"] == boxes.client
        assert f'boxes.json?by={variable.name}"' in response.content.decode()
