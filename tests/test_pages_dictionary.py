from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from applications.models import Policy, User
from applications.selectors.dictionary import entries
from applications.views.dictionary import PAGE_SIZE
from modelling import bundle as bundles
from modelling import registry
from modelling.models import ModelVersion
from tests.pages import assessed, browser_of, text_of

pytestmark = pytest.mark.django_db

LAST = -1


def keys_in(browser: Browser, query: str = "") -> list[str]:
    response = browser.get(f"/dictionary/{query}")
    assert response.status_code == 200
    return [row.entry.key for row in response.context["rows"]]


@pytest.mark.parametrize("address", ["/dictionary/", "/dictionary/ext_source_2"])
def test_every_role_reads_the_dictionary_and_nobody_else(anyone: User, client: Browser, address: str) -> None:
    assert browser_of(anyone).get(address).status_code == 200
    assert client.get(address).headers["Location"].startswith("/login?next=")
    assert browser_of(anyone).post(address).status_code == 405


def test_the_search_is_the_selectors(browser: Browser) -> None:
    assert keys_in(browser, "?text=score externe 2")[0] == "ext_source_2"
    assert all(key.startswith("bureau_balance.") for key in keys_in(browser, "?table=bureau_balance"))
    assert "code_gender" in keys_in(browser, "?status=barred")
    assert "sk_id_curr" in keys_in(browser, "?unit=key")
    assert "credit_to_income" in keys_in(browser, "?origin=derived&text=amt_income_total")


def test_the_dictionary_comes_in_pages_that_keep_the_filters(browser: Browser) -> None:
    first = browser.get("/dictionary/?table=bureau")
    second = browser.get("/dictionary/?table=bureau&page=2")

    assert len(first.context["rows"]) == PAGE_SIZE
    assert 'href="?table=bureau&amp;page=2"' in first.content.decode()
    assert not {row.entry.key for row in first.context["rows"]} & {row.entry.key for row in second.context["rows"]}
    assert "26 à 50 sur" in text_of(second)


@pytest.mark.parametrize(
    "query",
    [
        "?table=nowhere",
        "?unit=parsec",
        "?status=maybe",
        "?origin=moon",
        f"?text={'a' * 200}",
        "?text=%00",
    ],
)
def test_nonsense_in_a_filter_is_told_and_left_open(browser: Browser, query: str) -> None:
    response = browser.get(f"/dictionary/{query}")

    assert response.status_code == 200
    assert response.context["form"].errors
    assert "errorlist" in response.content.decode()
    assert response.context["page"].paginator.count == len(entries())


@pytest.mark.parametrize(("page", "number"), [("zzz", 1), ("", 1), ("-3", LAST), ("99999", LAST), ("9" * 400, LAST)])
def test_a_page_that_does_not_exist_is_the_first_or_the_last(browser: Browser, page: str, number: int) -> None:
    shown = browser.get(f"/dictionary/?page={page}").context["page"]

    assert shown.number == (shown.paginator.num_pages if number == LAST else number)


def test_what_nothing_matches_says_what_to_do(browser: Browser) -> None:
    text = text_of(browser.get("/dictionary/?text=zzzz"))

    assert "Rien ne correspond" in text
    assert "0 entrée" in text


def test_importance_is_the_champions_and_named(browser: Browser, champion: ModelVersion) -> None:
    response = browser.get("/dictionary/")

    first = response.context["rows"][0]
    bundle = registry.bundle_of(champion)
    assert bundle.influence is not None
    assert first.entry.key == next(iter(bundle.influence.features))
    assert first.weight.rank == 1
    assert "taille moyenne des contributions" in text_of(response)
    assert "600 clients" in text_of(response)


def test_without_measured_influence_the_gain_is_shown_and_named_so(
    browser: Browser, small_bundle: Path, champion: ModelVersion
) -> None:
    folder = settings.BUNDLES_DIR / "sealed-before"
    folder.mkdir(exist_ok=True)
    for path in small_bundle.iterdir():
        if path.name not in {bundles.INFLUENCE, bundles.MANIFEST}:
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / bundles.MANIFEST).write_text(bundles._canonical(bundles._sums(folder)))
    registry.promote(registry.register(folder), actor=None, note="test")

    text = text_of(browser.get("/dictionary/"))

    assert "part du gain" in text
    assert "taille moyenne" not in text


def test_without_a_model_in_force_the_dictionary_is_still_read(browser: Browser) -> None:
    assert "Aucune version du modèle n'est en vigueur" in text_of(browser.get("/dictionary/"))
    assert "Aucune version du modèle n'est en vigueur" in text_of(browser.get("/dictionary/ext_source_2"))


def test_a_feature_has_its_formula_unit_range_and_columns(browser: Browser, champion: ModelVersion) -> None:
    text = text_of(browser.get("/dictionary/bureau_active_annuity_to_income"))

    assert "somme de amt_annuity sur les lignes active / amt_income_total" in text
    assert "de 0 % à 1 000 %" in text.replace("\u00a0", " ")
    assert "Colonnes dont elle est faite" in text


def test_a_feature_of_the_model_says_which_way_it_moves_the_risk(browser: Browser, champion: ModelVersion) -> None:
    text = text_of(browser.get("/dictionary/ext_source_2"))

    assert "Plus la valeur est élevée, plus le risque est faible." in text
    assert "Médiane" in text


def test_what_is_barred_says_why_and_shows_no_values(browser: Browser, champion: ModelVersion) -> None:
    response = browser.get("/dictionary/code_gender")

    assert "Interdite par la loi" in text_of(response)
    assert response.context["facts"] is None


@pytest.mark.parametrize("key", ["nothing", "bureau.nothing", "../admin", "%00", "a" * 300])
def test_an_unknown_entry_is_a_page_with_a_sentence(browser: Browser, key: str) -> None:
    response = browser.get(f"/dictionary/{key}")

    assert response.status_code == 404


def test_both_languages_stand_on_an_entrys_page(browser: Browser) -> None:
    text = text_of(browser.get("/dictionary/amt_credit"))

    assert "Le montant du crédit demandé." in text
    assert "The amount of the loan asked for." in text


def test_the_whole_list_and_a_search_take_the_same_queries(
    browser: Browser, champion: ModelVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get("/dictionary/")
    for address in ("/dictionary/", "/dictionary/?text=retard", "/dictionary/ext_source_2"):
        with django_assert_num_queries(4):  # session, person, agency; the model in force
            browser.get(address)


def test_the_reasons_of_an_application_lead_to_their_entries(
    browser: Browser, advisor: User, champion: ModelVersion, policy: Policy
) -> None:
    application = assessed(agency=advisor.agency)

    page = browser.get(f"/applications/{application.pk}")

    reasons = page.context["advice"].explanation.reasons
    told = [reason.name for reason in (*reasons.raising, *reasons.lowering) if reason.value != ""]
    assert told
    for name in told:
        assert f'href="/dictionary/{name}"' in page.content.decode()
        assert browser.get(f"/dictionary/{name}").status_code == 200
