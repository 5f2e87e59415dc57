"""New applications and files of applicants, as an advisor brings them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from applications.models import Application, Draft, ScoredFile
from applications.services.assessment import answer_requests
from applications.services.scored_files.scoring import score_file
from tests.browser.conftest import Visit
from tests.test_scored_files import HEAD, OTHER, ROW, text

Start = Callable[..., Visit]
LogIn = Callable[[Visit], None]


def test_a_new_application_is_written_down_and_its_assessment_appears(
    visit: Start, log_in: LogIn, application: Application
) -> None:
    window = visit()
    log_in(window)
    page = window.page

    page.get_by_role("link", name="Nouvelle demande").click()
    assert window.axe_violations() == []
    page.get_by_role("button", name="Commencer une demande").click()
    page.get_by_label("Type de prêt").select_option("Cash loans")
    page.get_by_label("Montant du crédit").fill("12000")
    page.get_by_label("Mensualité").fill("310")
    page.get_by_label("Revenu annuel").fill("24000")
    expect(page.get_by_role("status")).to_contain_text("Date de naissance")
    expect(page.get_by_role("status")).not_to_contain_text("Mensualité")
    assert window.axe_violations() == []
    page.get_by_role("button", name="Déposer et évaluer").click()
    expect(page.get_by_role("alert")).to_contain_text("Ce champ est obligatoire")
    page.get_by_label("Date de naissance").fill("1990-03-14")
    page.get_by_role("button", name="Déposer et évaluer").click()
    expect(page.get_by_text("En attente d'évaluation")).to_be_visible()
    answer_requests([Application.objects.exclude(pk=application.pk).get().pk])

    expect(page.get_by_role("heading", name="Pourquoi cet avis")).to_be_visible(timeout=10_000)
    assert not Draft.objects.exists()
    assert window.axe_violations() == []
    assert window.complaints_but("400") == []


def test_a_file_with_faults_is_mended_and_scored(visit: Start, log_in: LogIn, application: Application) -> None:
    window = visit()
    log_in(window)
    page = window.page

    def bring(*rows: tuple[str, ...]) -> None:
        body = text(HEAD, *rows, separator=";").encode("cp1252")
        page.get_by_label("Fichier CSV").set_input_files({"name": "salon.csv", "mimeType": "text/csv", "buffer": body})
        page.get_by_role("button", name="Vérifier le fichier").click()

    page.get_by_role("link", name="Évaluer un fichier").click()
    bring(ROW, (*OTHER[:2], "=1+1", *OTHER[3:]))
    expect(page.get_by_role("alert")).to_contain_text("AMT_INCOME_TOTAL")
    assert window.axe_violations() == []
    assert not ScoredFile.objects.exists()
    bring(ROW, OTHER)
    assert window.axe_violations() == []
    page.get_by_role("button", name="Évaluer 2 lignes").click()
    expect(page.get_by_role("heading", name="Le fichier est en cours d'évaluation")).to_be_visible()
    assert window.axe_violations() == []
    score_file(ScoredFile.objects.get().pk)
    expect(page.get_by_role("heading", name="Ligne par ligne")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert window.axe_violations() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger pour Excel").click()

    assert download.value.suggested_filename.endswith(".csv")
    assert window.complaints_but("400") == []
