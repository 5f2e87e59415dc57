from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from applications.models import Role, User
from applications.selectors import quality
from modelling.models import ModelVersion, QualityReport
from modelling.quality.findings import Finding, FindingKind, Severity
from tests.factories import UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

BLOCK, WARN = Severity.BLOCK, Severity.WARN
FINDINGS = [
    Finding(FindingKind.MISSING, BLOCK, "application", "ext_source_1", 0.564, 0.912, 1.7),
    Finding(FindingKind.MOVED, BLOCK, "application", "amt_credit", 513_531, 51.4, 1, low=76_410, high=1_850_000),
    Finding(FindingKind.OWNERS, BLOCK, "bureau_balance", "", 0.458, 0.1, 1.8),
    Finding(FindingKind.ROWS, WARN, "pos_cash_balance", "", 34.15, 15.45, 0.7),
    Finding(FindingKind.OUTSIDE, WARN, "application", "ext_source_2", 0, 0.00001, 0, low=0, high=1),
    Finding(FindingKind.UNSEEN, WARN, "bureau", "credit_type", 0, 0.0004, 0, words=("Barter", "Consumer credit")),
]


@pytest.fixture
def reader() -> Browser:
    return browser_of(UserFactory.create(role=Role.AUDITOR, agency=None))


def report_of(version: ModelVersion | None = None, **facts: Any) -> QualityReport:
    usual = {"occasion": "import", "subject": "tables.zip", "verdict": "blocked", "rows": {"application": 90_651}}
    if version is None:
        usual = {"occasion": "import", "subject": "tables.zip", "verdict": "not_compared", "obstacle": "no_champion"}
    findings = [] if version is None else [finding.to_json() for finding in FINDINGS]
    return QualityReport.objects.create(**{**usual, "compared_with": version, "findings": findings, **facts})


def test_all_but_advisors_read_the_reports(anyone: User) -> None:
    number = report_of().pk
    expected = 404 if anyone.role == Role.ADVISOR else 200
    browser = browser_of(anyone)

    assert browser.get("/quality/").status_code == expected
    assert browser.get(f"/quality/{number}").status_code == expected
    found = 'href="/quality/"' in browser.get("/applications/").content.decode()
    assert found is (anyone.role != Role.ADVISOR)


def test_nobody_unknown_reads_them_and_they_are_read_only(client: Browser, reader: Browser) -> None:
    number = report_of().pk

    for address in ("/quality/", f"/quality/{number}"):
        assert client.get(address).headers["Location"].startswith("/login?next=")
        assert reader.post(address).status_code == 405


def test_a_report_that_is_not_there_is_a_sentence(reader: Browser) -> None:
    response = reader.get("/quality/99")

    assert response.status_code == 404
    assert "Il n'y a pas de contrôle de qualité n° 99." in text_of(response)


def test_a_report_tells_its_findings_in_plain_words_with_the_figures(reader: Browser, champion: ModelVersion) -> None:
    text = text_of(reader.get(f"/quality/{report_of(champion).pk}"))

    for told in (
        "Bloquant Demandes Score externe 1 ext_source_1 Part des lignes sans valeur 56,4 % 91,2 %",
        "Médiane là où presque aucune valeur ne se trouvait ; presque toutes allaient de 76 410 € à 1 850 000 €.",
        "L'unité aurait-elle changé ? 513 531 € 51,40 €",
        "Toute la table Part des crédits externes qui ont au moins un mois 45,8 % 10,0 %",
        "À surveiller",
        "Nombre moyen de lignes des clients qui en ont 34,1 15,4",
        "Valeurs hors de l'intervalle plausible, de 0 à 1 0,0 % moins de 0,01 %",
        "Valeurs jamais vues : « Barter », « Crédit à la consommation » 0,0 % 0,04 %",
        "90 651",
    ):
        assert told in text
    assert text.index("ext_source_1") < text.index("credit_type")


def test_a_block_says_what_to_do_and_who_accepted_it(reader: Browser, champion: ModelVersion) -> None:
    held = report_of(champion, occasion="snapshot", subject="one")
    assert f'accept_quality {held.pk} --by … --reason "…"' in text_of(reader.get(f"/quality/{held.pk}"))

    person = UserFactory.create(username="odile")
    facts = {"accepted_by": person, "accepted_at": timezone.now(), "accepted_reason": "le bureau a changé"}
    text = text_of(reader.get(f"/quality/{report_of(champion, **facts).pk}"))

    assert "Accepté par odile le" in text
    assert "le bureau a changé" in text
    assert "--accept-quality" not in text


def test_without_a_model_in_force_the_page_says_that_nothing_was_compared(reader: Browser) -> None:
    text = text_of(reader.get(f"/quality/{report_of().pk}"))

    assert "Il n'y avait rien à quoi comparer Aucun modèle n'est encore en vigueur." in text


def test_a_clean_report_says_so(reader: Browser, champion: ModelVersion) -> None:
    text = text_of(reader.get(f"/quality/{report_of(champion, verdict='clean', findings=[]).pk}"))

    assert "Les lignes ressemblent à celles qui ont servi à entraîner le modèle en vigueur." in text


def test_before_the_first_report_the_list_says_how_one_comes_about(reader: Browser) -> None:
    assert "Le prochain import ou instantané en laissera un ici." in text_of(reader.get("/quality/"))


def test_the_list_shows_the_newest_first_with_its_counts(reader: Browser, champion: ModelVersion) -> None:
    report_of()
    newest = report_of(champion)

    response = reader.get("/quality/")

    assert response.context["page"].lines[0].report == newest
    assert f"Import tables.zip Bloqué 3 3 version de modèle {champion.number}" in text_of(response)
    assert "Non comparé – – aucun modèle n'est encore en vigueur" in text_of(response)


def test_the_list_comes_in_pages(reader: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "PAGE_SIZE", 3)
    reports = [report_of() for _ in range(5)]

    first = reader.get("/quality/").context["page"]
    second = reader.get(f"/quality/?before={first.next_before}").context["page"]

    assert [line.report for line in (*first.lines, *second.lines)] == reports[::-1]
    assert second.next_before is None


@pytest.mark.parametrize("query", ["?before=x", "?before=-1", f"?before={10**30}", "?before=²"])
def test_nonsense_in_the_address_never_fails(reader: Browser, query: str) -> None:
    assert reader.get(f"/quality/{query}").status_code == 200


def test_the_pages_take_as_many_queries_for_one_report_as_for_many(
    reader: Browser, champion: ModelVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    numbers = [report_of(champion).pk for _ in range(4)]
    reader.get("/quality/")  # the first page notes when the session was last used

    for address in ("/quality/", f"/quality/{numbers[0]}"):
        with django_assert_num_queries(3):  # session, person, reports
            reader.get(address)
