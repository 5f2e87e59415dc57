from __future__ import annotations

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from applications.models import User
from modelling import registry
from modelling.models import ModelVersion
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

PAGE = "/model/explanation/"
FIGURE = "/model/explanation/beeswarm.json"


@pytest.mark.parametrize("address", [PAGE, FIGURE])
def test_every_role_reads_what_the_model_looks_at_and_nobody_else(
    anyone: User, client: Browser, champion: ModelVersion, address: str
) -> None:
    assert browser_of(anyone).get(address).status_code == 200
    assert client.get(address).headers["Location"].startswith("/login?next=")
    assert browser_of(anyone).post(address).status_code == 405


@pytest.mark.parametrize(("query", "shown"), [("", 10), ("?factors=20", 20), ("?factors=30", 30)])
def test_the_number_of_factors_can_be_chosen(browser: Browser, champion: ModelVersion, query: str, shown: int) -> None:
    page = browser.get(f"{PAGE}{query}")

    assert len(page.context["explanation"].factors) == shown
    assert len(browser.get(f"{FIGURE}{query}").json()["swarms"]) == shown
    assert f"{FIGURE}?factors={shown}" in page.content.decode()


@pytest.mark.parametrize("query", ["?factors=zzz", "?factors=-1", "?factors=99999", "?factors=%00"])
def test_a_nonsense_number_of_factors_is_told_and_the_usual_one_shown(
    browser: Browser, champion: ModelVersion, query: str
) -> None:
    response = browser.get(f"{PAGE}{query}")

    assert response.status_code == 200
    assert len(response.context["explanation"].factors) == 10
    assert 'role="alert"' in response.content.decode()
    assert len(browser.get(f"{FIGURE}{query}").json()["swarms"]) == 10


def test_the_page_says_source_and_number_of_clients_and_holds_the_figures_table(
    browser: Browser, champion: ModelVersion
) -> None:
    response = browser.get(PAGE)

    text = text_of(response)
    assert "600 clients de la population d'apprentissage" in text
    assert f"version {champion.number} du modèle" in text
    assert "200 clients par facteur" in text
    assert len(response.context["swarm"].means) == 10


def test_each_factor_leads_to_its_entry_in_the_dictionary(browser: Browser, champion: ModelVersion) -> None:
    response = browser.get(PAGE)

    for factor in response.context["explanation"].factors:
        assert f'href="/dictionary/{factor.name}"' in response.content.decode()
        assert browser.get(f"/dictionary/{factor.name}").status_code == 200


def test_without_a_model_in_force_the_page_says_so(browser: Browser) -> None:
    assert "Aucune version du modèle n'est en vigueur" in text_of(browser.get(PAGE))
    assert browser.get(FIGURE).status_code == 404


def test_lost_files_of_the_model_are_no_failure(browser: Browser, champion: ModelVersion) -> None:
    ModelVersion.objects.update(bundle_path="nowhere", digest="1" * 64)
    registry._load.cache_clear()

    assert browser.get(PAGE).status_code == 200


def test_any_number_of_factors_takes_the_same_queries(
    browser: Browser, champion: ModelVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(PAGE)
    for address in (PAGE, f"{PAGE}?factors=30", FIGURE, f"{FIGURE}?factors=30"):
        # session, person, the model in force; the page's header adds the agency
        with django_assert_num_queries(4 if "json" not in address else 3):
            browser.get(address)
