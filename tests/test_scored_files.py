from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from applications.models import (
    Agency,
    Application,
    Assessment,
    AuditEvent,
    FileState,
    Kind,
    Policy,
    Role,
    ScoredFile,
    User,
)
from applications.services.scored_files.exporting import neutral
from applications.services.scored_files.scoring import score_file
from modelling.models import ModelVersion
from tests.api import FACTS, ask_as
from tests.factories import AgencyFactory, ApplicationFactory, UserFactory
from tests.pages import advice_on, assessed, browser_of, text_of

pytestmark = pytest.mark.django_db

FILES = "/applications/files/"
HEAD = ("SK_ID_CURR", "NAME_CONTRACT_TYPE", "AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY", "DAYS_BIRTH")
ROW = ("7", "Cash loans", "202500", "406597.5", "24700.5", "-9461")
OTHER = ("8", "Cash loans", "50000", "900000", "60000", "-9000")


@pytest.fixture
def in_force(champion: ModelVersion, policy: Policy) -> None:
    """Put a model version and a policy in force."""


def text(*rows: tuple[str, ...], separator: str = ",") -> str:
    return "\n".join(separator.join(row) for row in rows) + "\n"


def bring(browser: Browser, content: str | bytes, name: str = "demandeurs.csv", **options: Any) -> Any:
    body = content.encode() if isinstance(content, str) else content
    return browser.post(FILES, {"file": SimpleUploadedFile(name, body)}, **options)


def scored(browser: Browser, content: str | bytes, **options: Any) -> ScoredFile:
    response = bring(browser, content, **options)
    assert response.status_code == 302, text_of(response)
    browser.post(f"{response.headers['Location']}/score")
    score_file(ScoredFile.objects.latest("pk").pk)
    return ScoredFile.objects.latest("pk")


@pytest.mark.usefixtures("in_force")
def test_a_file_says_what_the_api_says_of_the_same_facts(browser: Browser, advisor: User) -> None:
    file = scored(browser, text(HEAD, ROW))

    told = ask_as(advisor)("POST", "predictions", {"facts": FACTS}).json()
    [result] = file.results or []
    assert (result["line"], result["number"]) == (2, 7)
    assert result["probability"] == told["probability"]
    assert result["raising"] == [reason["name"] for reason in told["raising"]]


@pytest.mark.usefixtures("in_force")
@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-8")]
)
def test_every_way_a_spreadsheet_writes_gives_the_same_rows(browser: Browser, separator: str, encoding: str) -> None:
    head = (*HEAD, "NAME_EDUCATION_TYPE")
    plain = (*ROW, "Higher education")
    french = ("7", "Prêt personnel", "202 500 €", "406597,5", "24 700,5", "-9461", "Études supérieures")
    row = plain if separator == "," else french

    bring(browser, text(head, row, separator=separator).encode(encoding))

    [item] = ScoredFile.objects.get().items
    assert item["facts"] == FACTS | {"name_education_type": "Higher education"}


def test_as_many_decimals_as_any_program_writes_are_read(browser: Browser) -> None:
    bring(browser, text((*HEAD, "EXT_SOURCE_3"), (*ROW, "0.0005272652387098817")))

    assert ScoredFile.objects.get().items[0]["facts"]["ext_source_3"] == 0.0005272652387098817


@pytest.mark.usefixtures("in_force")
def test_nothing_is_taken_in_and_the_scoring_is_recorded(browser: Browser, advisor: User) -> None:
    file = scored(browser, text(HEAD, ROW, OTHER))

    event = AuditEvent.objects.get(kind=Kind.FILE_SCORED)
    assert (event.actor, event.data["lines"], event.data["digest"]) == (advisor, 2, file.digest)
    assert sum(event.data[advice] for advice in ("accept", "refer", "refuse")) == 2
    assert file.items == []
    assert not Application.objects.exists()
    assert not Assessment.objects.exists()


@pytest.mark.usefixtures("in_force")
def test_scoring_twice_says_it_once(browser: Browser) -> None:
    file = scored(browser, text(HEAD, ROW))

    browser.post(f"{FILES}{file.pk}/score")

    assert AuditEvent.objects.filter(kind=Kind.FILE_SCORED).count() == 1


@pytest.mark.usefixtures("in_force")
def test_numbers_alone_are_scored_with_the_whole_history(browser: Browser, agency: Agency) -> None:
    application = assessed(agency=agency)

    file = scored(browser, f"SK_ID_CURR\n{application.pk}\n")

    [result] = file.results or []
    assert result["probability"] == advice_on(application).probability


@pytest.mark.parametrize("number", ["999999999", "foreign"])
def test_unknown_and_foreign_numbers_are_told_alike(browser: Browser, number: str) -> None:
    told = str(ApplicationFactory.create().pk) if number == "foreign" else number

    response = bring(browser, f"SK_ID_CURR\n{told}\n")

    assert response.status_code == 400
    assert f"Il n'y a pas de demande {told} parmi celles que vous pouvez voir" in text_of(response)
    assert not ScoredFile.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (
            ("7", "Cash loans", "much", "1", "1", "-9461"),
            "AMT_INCOME_TOTAL",
            "Un nombre est attendu ici, et non « much »",
        ),
        (("7", "Cash loans", "=1+1", "1", "1", "-9461"), "AMT_INCOME_TOTAL", "« =1+1 »"),
        (("7", "Cash loans", "nan", "1", "1", "-9461"), "AMT_INCOME_TOTAL", "obligatoire"),
        (("7", "Cash loans", "1e99", "1", "1", "-9461"), "AMT_INCOME_TOTAL", "Un nombre de 0 à"),
        (("7", "<script>x</script>", "1", "1", "1", "-9461"), "NAME_CONTRACT_TYPE", "<script>x</script>"),
        (("7", "Cash loans", "1", "1", "1", "-10.5"), "DAYS_BIRTH", "nombre entier"),
        (("7", "Cash loans", "1", "1", "1", "9461"), "DAYS_BIRTH", "Un nombre de"),
        (("x", "Cash loans", "1", "1", "1", "-9461"), "SK_ID_CURR", "fait de chiffres"),
        (("7", "Cash loans", "1", "1", "", "-9461"), "AMT_ANNUITY", "obligatoire"),
        (("7", "Cash loans"), "–", "6 cellules sont attendues, il y en a 2"),
    ],
)
def test_a_fault_is_told_by_line_and_column_and_nothing_is_kept(
    browser: Browser, row: tuple[str, ...], column: str, words: str
) -> None:
    response = bring(browser, text(HEAD, ROW, row).replace("7,", "9,", 1))

    page = text_of(response)
    assert response.status_code == 400
    assert "1 défaut : rien n'a été évalué" in page
    assert f"3 {column} " in page
    assert words in page
    assert "<script>x" not in response.content.decode()
    assert not ScoredFile.objects.exists()


def test_faults_are_counted_and_the_first_are_shown(browser: Browser) -> None:
    wrong = [(str(number), "Cash loans", "x", "1", "1", "-9461") for number in range(150)]

    response = bring(browser, text(HEAD, *wrong))

    assert "150 défauts" in text_of(response)
    assert "Les 100 premiers" in text_of(response)
    assert response.content.count(b'<td class="num">') == 100


def test_a_number_that_comes_twice_is_a_fault(browser: Browser) -> None:
    response = bring(browser, text(HEAD, ROW, ROW))

    assert "le numéro 7 figure déjà à la ligne 2" in text_of(response).lower()
    assert not ScoredFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Le fichier est vide"),
        (b"\n\n", "Le fichier est vide"),
        (b"PK\x03\x04zip", "C'est un classeur"),
        (bytes(range(256)) * 40, "Ce n'est pas du texte"),
        ("SK_ID_CURR".encode("utf-16"), "UTF-16"),
        (text(HEAD).encode(), "aucune ligne"),
        (text((*HEAD, "SALARY"), (*ROW, "1")).encode(), "SALARY"),
        (text((*HEAD, "<script>"), (*ROW, "1")).encode(), "aucune colonne ne s'appelle"),
        (text((*HEAD, "AMT_CREDIT"), (*ROW, "1")).encode(), "en double : AMT_CREDIT"),
        (text(HEAD[:3], ROW[:3]).encode(), "obligatoires : AMT_CREDIT, AMT_ANNUITY, DAYS_BIRTH"),
        (text(HEAD, ('"7', *ROW[1:])).encode(), "vérifiez ses guillemets"),
        (b"just one line of words", "aucune colonne ne s'appelle"),
    ],
)
def test_what_is_no_such_file_is_answered_by_a_sentence(browser: Browser, content: bytes, words: str) -> None:
    response = bring(browser, content)

    assert response.status_code == 400
    assert words in text_of(response)
    assert not ScoredFile.objects.exists()


def test_no_file_at_all_is_answered_by_a_sentence(browser: Browser) -> None:
    assert "Choisissez un fichier CSV" in text_of(browser.post(FILES))


def test_a_file_of_fifty_megabytes_is_answered_and_not_kept(browser: Browser) -> None:
    response = bring(browser, b"x" * 50_000_000)

    assert response.status_code == 400
    assert "trop lourd : 5 Mo au plus" in text_of(response)
    assert not ScoredFile.objects.exists()


@override_settings(UPLOAD_MOST_LINES=2)
def test_too_many_lines_are_refused(browser: Browser) -> None:
    assert "plus de 2 lignes" in text_of(bring(browser, text(HEAD, ROW, OTHER, ROW)))


def test_a_script_in_the_files_name_is_only_a_name(browser: Browser) -> None:
    response = bring(browser, text(HEAD, ROW), name="<script>alert(1)<script>.csv", follow=True)

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_what_the_law_bars_is_not_read(browser: Browser) -> None:
    bring(browser, text((*HEAD, "CODE_GENDER", "TARGET"), (*ROW, "F", "1")))

    assert {"code_gender", "target"}.isdisjoint(ScoredFile.objects.get().items[0]["facts"])


@pytest.mark.usefixtures("in_force")
def test_results_are_filtered_by_advice_on_the_page_and_in_the_file(browser: Browser) -> None:
    head = (*HEAD, "EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
    file = scored(browser, text(head, (*ROW, "0.9", "0.9", "0.9"), (*OTHER, "0.01", "0.01", "0.01")))
    [first, second] = file.results or []
    assert first["recommendation"] != second["recommendation"]

    page = browser.get(f"{FILES}{file.pk}?advice={first['recommendation']}")
    body = browser.get(f"{FILES}{file.pk}/results.csv?advice={first['recommendation']}").content.decode()

    assert [result.line for result in page.context["results"]] == [2]
    assert body.startswith("\ufeff")
    [_head, row] = csv.reader(io.StringIO(body.removeprefix("\ufeff")), delimiter=";")
    assert row[:2] == ["2", "7"]
    assert row[2] == f"{first['probability']:.6f}".replace(".", ",")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_formula_is_neutralised(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"
    assert neutral("Accorder") == "Accorder"


def test_the_model_file_can_be_filled_in_and_brought(browser: Browser) -> None:
    head = browser.get(f"{FILES}model.csv").content.decode("utf-8-sig").strip()
    known = dict(zip(HEAD, ROW, strict=True))

    row = ";".join(known.get(name, "") for name in head.split(";"))
    assert bring(browser, f"{head}\n{row}\n").status_code == 302


@pytest.mark.parametrize("role", list(Role))
def test_a_file_exists_for_its_author_alone(browser: Browser, agency: Agency, role: Role) -> None:
    bring(browser, text(HEAD, ROW))
    file = ScoredFile.objects.get()
    other = browser_of(UserFactory.create(role=role, agency=agency))

    for rest in ("", "/progress", "/histogram.json", "/results.csv"):
        assert other.get(f"{FILES}{file.pk}{rest}").status_code == 404
    for rest in ("/score", "/delete"):
        assert other.post(f"{FILES}{file.pk}{rest}").status_code == 404
    assert "demandeurs.csv" not in text_of(other.get(FILES))
    browser.post(f"{FILES}{file.pk}/delete")
    assert not ScoredFile.objects.exists()


def test_before_anything_is_in_force_the_page_says_so_and_one_may_try_again(
    browser: Browser, request: pytest.FixtureRequest
) -> None:
    file = scored(browser, text(HEAD, ROW))

    page = text_of(browser.get(f"{FILES}{file.pk}"))
    assert "Le fichier n'a pas pu être évalué, et rien n'a été dit d'aucune ligne" in page
    assert "Aucune version du modèle n’est en vigueur" in page
    assert ScoredFile.objects.get().items

    request.getfixturevalue("in_force")
    browser.post(f"{FILES}{file.pk}/score")
    score_file(file.pk)
    assert "Ligne par ligne" in text_of(browser.get(f"{FILES}{file.pk}"))


@pytest.mark.usefixtures("in_force")
def test_a_file_waits_shows_how_far_it_is_and_then_its_results(browser: Browser) -> None:
    bring(browser, text(HEAD, ROW, OTHER))
    file = ScoredFile.objects.get()
    address = f"{FILES}{file.pk}"

    browser.post(f"{address}/score")

    assert "En attente" in text_of(browser.get(address))
    assert browser.get(f"{address}/progress").status_code == 200
    ScoredFile.objects.update(state=FileState.RUNNING, scored_lines=1)
    assert "1 lignes sur 2" in text_of(browser.get(f"{address}/progress"))
    assert browser.get(f"{address}/results.csv").status_code == 404
    ScoredFile.objects.update(state=FileState.QUEUED)
    score_file(file.pk)
    assert browser.get(f"{address}/progress").headers["HX-Refresh"] == "true"


@pytest.mark.usefixtures("in_force")
def test_an_application_that_left_the_author_s_agency_stops_the_whole_file(browser: Browser, agency: Agency) -> None:
    kept, moved = assessed(agency=agency), assessed(agency=agency)
    bring(browser, f"SK_ID_CURR\n{kept.pk}\n{moved.pk}\n")
    Application.objects.filter(pk=moved.pk).update(agency=AgencyFactory.create())

    file = ScoredFile.objects.get()
    browser.post(f"{FILES}{file.pk}/score")
    score_file(file.pk)

    assert "Vous ne pouvez plus voir toutes ces demandes" in text_of(browser.get(f"{FILES}{file.pk}"))
    assert ScoredFile.objects.get().results is None
    assert not AuditEvent.objects.filter(kind=Kind.FILE_SCORED).exists()


@pytest.mark.usefixtures("in_force")
def test_the_results_take_as_many_queries_however_many_lines(
    browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [(str(number), *ROW[1:]) for number in range(120)]
    file = scored(browser, text(HEAD, *rows))

    with django_assert_max_num_queries(6):
        page = browser.get(f"{FILES}{file.pk}?page=2")
    assert len(page.context["results"]) == 50
