from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from applications.models import Application, Role
from applications.selectors.population import Population
from tests.crowd import OURS, THEIRS, incomes_of
from tests.factories import UserFactory
from tests.pages import browser_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_state")]


@pytest.fixture
def analyst() -> Browser:
    return browser_of(UserFactory.create(role=Role.ANALYST))


def figure(browser: Browser, application: Application, x: str, y: str) -> dict[str, Any]:
    found = json.loads(browser.get(f"/applications/{application.pk}/pairs.json?x={x}&y={y}").content)
    return dict(found)


def page(browser: Browser, application: Application, query: str = "") -> Any:
    return browser.get(f"/applications/{application.pk}/pairs{query}")


def told(response: Any) -> dict[str, str]:
    return dict(response.context["pair"].figures)


def test_two_numbers_have_r_and_not_its_square(
    analyst: Browser, crowd: list[Application], population: Population
) -> None:
    response = page(analyst, crowd[0], "?x=amt_income_total&y=amt_credit")

    x, y = ([getattr(one, name) for one in crowd] for name in ("amt_income_total", "amt_credit"))
    r = float(np.corrcoef(x, y)[0, 1])
    assert told(response)["Corrélation r (Pearson)"] == f"{r:.2f}".replace(".", ",")
    assert abs(r - r * r) > 0.01


def test_the_star_is_the_clients_own(browser: Browser, crowd: list[Application], population: Population) -> None:
    for application in crowd[:OURS]:
        drawn = figure(browser, application, "amt_income_total", "amt_credit")

        assert drawn["client"] == [application.amt_income_total, application.amt_credit]


def test_whoever_may_see_every_file_gets_dots_and_others_cells(
    analyst: Browser, browser: Browser, crowd: list[Application], population: Population
) -> None:
    dots = figure(analyst, crowd[0], "amt_income_total", "amt_credit")
    cells = figure(browser, crowd[0], "amt_income_total", "amt_credit")

    assert sorted(map(tuple, dots["dots"])) == sorted((one.amt_income_total, one.amt_credit) for one in crowd)
    assert dots["cells"] == cells["dots"] == []
    assert sum(cell[-1] for cell in cells["cells"]) == len(crowd)


def test_a_number_by_category_has_boxes_and_the_share_of_variance(
    analyst: Browser, crowd: list[Application], population: Population
) -> None:
    response = page(analyst, crowd[1], "?x=name_education_type&y=amt_income_total")

    groups = [
        incomes_of(one for one in crowd if one.name_education_type == word)
        for word in ("Lower secondary", "Higher education")
    ]
    whole = np.concatenate(groups)
    between = sum(len(group) * (np.mean(group) - whole.mean()) ** 2 for group in groups)
    eta = between / ((whole - whole.mean()) ** 2).sum()
    written = told(response)["η², part de la variance entre les groupes"]
    assert written == f"{100 * eta:.1f}\u00a0%".replace(".", ",")
    assert response.context["pair"].chart == "boxes"
    [own] = [box for box in response.context["pair"].figure.boxes if box.is_client]
    assert (own.label, own.mean) == ("Études supérieures", np.mean(groups[1]))


def test_the_order_of_a_number_and_a_category_does_not_change_the_figures(
    analyst: Browser, crowd: list[Application], population: Population
) -> None:
    one = page(analyst, crowd[0], "?x=name_education_type&y=amt_income_total")
    other = page(analyst, crowd[0], "?y=name_education_type&x=amt_income_total")

    assert told(one) == told(other)


def test_two_categories_have_a_table_of_shares_and_cramers_v(
    analyst: Browser, crowd: list[Application], population: Population
) -> None:
    response = page(analyst, crowd[3], "?x=name_contract_type&y=name_education_type")

    # Lower 12 0, higher 6 6: χ² = 24 · (12 · 6)² / (18 · 6 · 12 · 12) = 8, V = √(8 / 24) = 0.58.
    assert told(response)["χ²"] == "8,0"
    assert told(response)["V de Cramér, de 0 à 1"] == "0,58"
    heat = response.context["pair"].figure
    row, column = heat.client
    assert (heat.rows[row].label, heat.columns[column]) == ("Crédit renouvelable", "Études supérieures")
    assert heat.rows[row].shares[column] == 1


def test_guided_pairs_say_what_to_look_for(browser: Browser, crowd: list[Application], population: Population) -> None:
    response = page(browser, crowd[0], "?x=ext_source_2&y=ext_source_3")

    assert response.context["hint"].startswith("Deux scores externes")
    assert len(response.context["guided"]) >= 5


def test_an_odd_choice_still_gives_a_page(browser: Browser, crowd: list[Application], population: Population) -> None:
    for query in ("?x=nonsense&y=code_gender", "?x=%00", "?x=amt_credit&y=amt_credit", "?group=nonsense"):
        response = page(browser, crowd[0], query)

        assert response.status_code == 200
        assert response.context["two"].y.name != "code_gender"


def test_a_group_too_small_has_no_figures(browser: Browser, crowd: list[Application], population: Population) -> None:
    query = "?group=some&feature=amt_income_total&operator=le&value=120000"

    assert "pair" not in page(browser, crowd[0], query).context
    assert browser.get(f"/applications/{crowd[0].pk}/pairs.json{query}").status_code == 404


def test_the_page_has_a_table_that_says_the_same(
    analyst: Browser, crowd: list[Application], population: Population
) -> None:
    response = page(analyst, crowd[0], "?x=amt_income_total&y=amt_credit")

    bands = response.context["pair"].figure.by_band
    assert sum(band.clients for band in bands) == OURS + THEIRS
    assert [band.is_client for band in bands].count(True) == 1
    assert bands[0].label.replace("\u00a0", " ") in text_of(response)


def test_before_the_population_is_laid_out_the_page_says_so(browser: Browser, crowd: list[Application]) -> None:
    assert "La population est en préparation" in text_of(page(browser, crowd[0]))


def test_a_foreign_application_does_not_exist(
    browser: Browser, crowd: list[Application], population: Population
) -> None:
    assert page(browser, crowd[OURS]).status_code == 404
    assert browser.get(f"/applications/{crowd[OURS].pk}/pairs.json").status_code == 404
    assert page(Browser(), crowd[0]).status_code == 302


def test_queries_do_not_grow_with_the_group(analyst: Browser, crowd: list[Application], population: Population) -> None:
    counts = []
    page(analyst, crowd[0])
    for query in ("?group=all", "?group=some&feature=amt_income_total&operator=le&value=150000"):
        with CaptureQueriesContext(connection) as queries:
            assert page(analyst, crowd[0], query).status_code == 200
        counts.append(len(queries))

    assert len(set(counts)) == 1
