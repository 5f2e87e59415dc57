from __future__ import annotations

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from applications.charts.effect import effect_on_all
from applications.models import User
from modelling import registry
from modelling.models import ModelVersion
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

PAGE, FIGURE = "/model/explanation/effects", "/model/explanation/effects.json"


@pytest.mark.parametrize("address", [PAGE, f"{FIGURE}?feature=ext_source_2"])
def test_everybody_who_is_logged_in_reads_it_and_nobody_else(
    anyone: User, client: Browser, champion: ModelVersion, address: str
) -> None:
    assert browser_of(anyone).get(address).status_code == 200
    assert client.get(address).headers["Location"].startswith("/login?next=")
    assert browser_of(anyone).post(address).status_code == 405


def test_the_factor_asked_for_is_drawn_and_told_as_a_table(
    browser: Browser, champion: ModelVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(PAGE)

    # Session, person, agency; the version in force.
    with django_assert_num_queries(4):
        response = browser.get(f"{PAGE}?feature=ext_source_2")

    text = text_of(response)
    assert "Score externe 2" in text
    assert "clients tirés au hasard" in text
    assert "ce client" not in text.lower()
    assert len(response.context["factors"]) == len(champion.features)
    figure = browser.get(f"{FIGURE}?feature=ext_source_2").json()
    assert len(figure["points"]) == figure["n"]
    assert (figure["client"], figure["client_text"]) == (None, "")


def test_an_unknown_factor_gives_the_most_important_one_and_no_figure(browser: Browser, champion: ModelVersion) -> None:
    first = browser.get(PAGE).context["chosen"]

    assert browser.get(f"{PAGE}?feature=moon").context["chosen"] == first
    assert browser.get(f"{FIGURE}?feature=moon").status_code == 404
    assert first.weight.rank == 1


def test_a_low_external_score_raises_the_risk(champion: ModelVersion) -> None:
    found = effect_on_all("ext_source_2", registry.bundle_of(champion), model_number=1)

    assert found is not None
    assert found.bands[0].contribution > 0 > found.bands[-1].contribution
    assert not any(band.is_client for band in found.bands)


def test_without_a_version_in_force_that_is_said(browser: Browser) -> None:
    assert "Aucune version" in text_of(browser.get(PAGE))
    assert browser.get(f"{FIGURE}?feature=ext_source_2").status_code == 404
