from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from applications.access import ALLOWED, Action
from applications.models import AuditEvent, Kind, Policy, PromotionRequest, PromotionState, Role, User
from applications.services import promotions
from applications.services.previews import ask_preview, make_preview
from applications.templatetags.audit_words import event_subject
from modelling import registry
from modelling.models import HeldOutReading, ModelVersion, State, TrainingRun
from tests.conftest import TwoVersions
from tests.factories import UserFactory
from tests.fairness_reports import fairness_report_on
from tests.pages import assessed, browser_of, text_of
from tests.small_bundle import misnamed

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst() -> User:
    return UserFactory.create(role=Role.ANALYST)


@pytest.fixture
def manager() -> User:
    return UserFactory.create(role=Role.MANAGER)


@pytest.fixture
def challenger(two_versions: TwoVersions) -> ModelVersion:
    """Put the first version in force; give the second."""
    registry.promote(two_versions[0], actor=None, note="start")
    return two_versions[1]


@pytest.fixture
def wish(challenger: ModelVersion, analyst: User) -> PromotionRequest:
    return promotions.request_promotion(challenger, actor=analyst, reason="Better calibrated")


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("get", "versions/", Action.READ_MODELS),
        ("get", "versions/2/", Action.READ_MODELS),
        ("get", "versions/2/card.md", Action.READ_MODELS),
        ("get", "promotions/{wish}/", Action.READ_MODELS),
        ("get", "promotions/{wish}/preview/state", Action.READ_MODELS),
        ("post", "versions/2/bundle", Action.DOWNLOAD_BUNDLE),
        ("post", "versions/2/promotion", Action.PROPOSE_MODEL),
        ("post", "promotions/{wish}/preview", Action.PROPOSE_MODEL),
        ("post", "promotions/{wish}/withdrawal", Action.PROPOSE_MODEL),
        ("post", "promotions/{wish}/ruling", Action.RULE_ON_MODEL),
        ("post", "rollback", Action.RULE_ON_MODEL),
    ],
)
def test_each_page_is_there_for_its_roles_and_for_no_other(
    wish: PromotionRequest, anyone: User, method: str, path: str, action: Action
) -> None:
    response = getattr(browser_of(anyone), method)(f"/model/{path.format(wish=wish.pk)}")

    assert (response.status_code == 404) is (action not in ALLOWED[Role(anyone.role)])


@pytest.mark.parametrize("path", ["versions/77/", "versions/77/card.md", "promotions/77/"])
def test_what_does_not_exist_is_said(challenger: ModelVersion, analyst: User, path: str) -> None:
    response = browser_of(analyst).get(f"/model/{path}")

    assert response.status_code == 404
    assert "77" in text_of(response)


def test_the_list_shows_each_version_with_its_state_and_measures(
    challenger: ModelVersion, analyst: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = browser_of(analyst)
    browser.get("/model/versions/")

    # Session, person, agency; how many versions, this page of them, open requests, the version before; the champion,
    # its fairness report and the notes on its proxies.
    with django_assert_num_queries(10):
        response = browser.get("/model/versions/")

    text = text_of(response)
    assert text.index("Version 2") < text.index("Version 1")
    assert "En vigueur" in text
    assert "Candidate" in text
    assert f"{challenger.metrics['auc']['value']:.3f}".replace(".", ",") in text


def test_proxies_of_the_champion_that_nobody_answered_for_are_told(challenger: ModelVersion, analyst: User) -> None:
    browser = browser_of(analyst)
    before = text_of(browser.get("/model/versions/"))

    fairness_report_on(ModelVersion.objects.get(number=1), ext_source_2=0.9, occupation_type=0.8)

    assert "personne n’a encore répondu" not in before
    assert "personne n’a encore répondu de 2 de ses variables" in text_of(browser.get("/model/versions/"))


def test_an_empty_register_says_so(analyst: User) -> None:
    assert "Aucune version" in text_of(browser_of(analyst).get("/model/versions/"))


def test_the_card_tells_quality_costs_and_lineage(
    challenger: ModelVersion, analyst: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = browser_of(analyst)
    browser.get("/model/versions/2/")

    # Session, person, agency; the version, its readings, its training, its requests, its fairness report, its notes.
    with django_assert_num_queries(9):
        text = text_of(browser.get("/model/versions/2/"))

    digests = (challenger.digest, challenger.snapshot_digest, challenger.code_version)
    said = ("Pente de calibration", "100:1", "9,09 %", "600 clients", *digests)
    assert [words for words in said if words not in text] == []
    assert "elle n’en lit aucun" in text
    assert "Alarme" not in text


def test_a_reading_of_held_out_rows_stands_beside_the_folds(challenger: ModelVersion, analyst: User) -> None:
    figures = {"metrics": challenger.metrics, "clients": 1234}
    HeldOutReading.objects.create(version=challenger, rows_digest="0" * 64, figures=figures)

    assert "1 234 clients" in text_of(browser_of(analyst).get("/model/versions/2/"))


def test_a_version_without_a_report_still_has_its_card(challenger: ModelVersion, analyst: User) -> None:
    ModelVersion.objects.filter(pk=challenger.pk).update(report={})

    response = browser_of(analyst).get("/model/versions/2/")

    assert response.status_code == 200
    assert "réentraînez-la" in text_of(response)
    assert browser_of(analyst).get("/model/versions/2/card.md").status_code == 200


def test_the_card_is_read_as_markdown_in_both_languages(challenger: ModelVersion, analyst: User) -> None:
    browser = browser_of(analyst)

    french = browser.get("/model/versions/2/card.md")
    browser.cookies["django_language"] = "en"
    english = browser.get("/model/versions/2/card.md")

    assert french.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert french.content.decode().startswith("# Version 2 du modèle\n")
    assert english.content.decode().startswith("# Model version 2\n")
    assert challenger.digest in english.content.decode()
    assert "&" not in english.content.decode()


def test_the_bundle_is_handed_out_whole_and_the_download_is_recorded(challenger: ModelVersion, analyst: User) -> None:
    browser = browser_of(analyst)

    response = browser.post("/model/versions/2/bundle")

    bundle = registry.bundle_of(challenger)
    with zipfile.ZipFile(BytesIO(response.content)) as archive:
        found = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert found == {path.name: path.read_bytes() for path in bundle.folder.iterdir()}
    assert response.headers["X-Bundle-Digest"] == challenger.digest
    event = AuditEvent.objects.get(kind=Kind.BUNDLE_DOWNLOADED)
    assert (event.actor, event.data["digest"]) == (analyst, challenger.digest)
    assert browser.post("/model/versions/2/bundle").content == response.content


def test_a_request_is_filed_from_the_card_and_its_page_counts_who_changes_side(
    challenger: ModelVersion, analyst: User, policy: Policy
) -> None:
    response = browser_of(analyst).post("/model/versions/2/promotion", {"reason": "Better"}, follow=True)

    wish = PromotionRequest.objects.get()
    assert response.redirect_chain == [(f"/model/promotions/{wish.pk}/", 302)]
    assert "Votre demande est enregistrée" in text_of(response)
    assert "Une autre personne tranche votre demande" in text_of(response)
    assert wish.preview_asked_at is not None
    assert "affiche d’elle-même" in text_of(response)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({}, "Dites pourquoi"), ({"reason": "  "}, "Dites pourquoi"), ({"reason": "x" * 2001}, "2000")],
)
def test_a_request_without_a_right_reason_is_not_filed(
    challenger: ModelVersion, analyst: User, said: dict[str, str], sentence: str
) -> None:
    response = browser_of(analyst).post("/model/versions/2/promotion", said)

    assert response.status_code == 200
    assert sentence in text_of(response).replace(" 000", "000")
    assert not PromotionRequest.objects.exists()


def test_a_version_asked_for_twice_is_told(wish: PromotionRequest, manager: User) -> None:
    response = browser_of(manager).post("/model/versions/2/promotion", {"reason": "Me too"}, follow=True)

    assert "déjà demandée" in text_of(response)


def test_another_person_puts_it_in_force(wish: PromotionRequest, manager: User) -> None:
    response = browser_of(manager).post(f"/model/promotions/{wish.pk}/ruling", {"ruling": "approve"}, follow=True)

    assert registry.champion().number == 2
    assert "La version 2 est maintenant en vigueur" in text_of(response)


def test_the_requester_cannot_rule_even_by_hand(challenger: ModelVersion, manager: User) -> None:
    wish = promotions.request_promotion(challenger, actor=manager, reason="Better")
    browser = browser_of(manager)

    page = browser.get(f"/model/promotions/{wish.pk}/")
    response = browser.post(f"/model/promotions/{wish.pk}/ruling", {"ruling": "approve"})

    assert "Enregistrer la décision" not in text_of(page)
    assert response.status_code == 200
    assert registry.champion().number == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({}, "Choisissez l’une des deux"), ({"ruling": "refuse"}, "Un refus se motive"), ({"ruling": "maybe"}, "maybe")],
)
def test_a_bad_ruling_says_what_is_missing_and_changes_nothing(
    wish: PromotionRequest, manager: User, said: dict[str, str], sentence: str
) -> None:
    response = browser_of(manager).post(f"/model/promotions/{wish.pk}/ruling", said)

    assert sentence in text_of(response)
    wish.refresh_from_db()
    assert wish.state == PromotionState.OPEN


def test_a_refusal_and_its_reason_are_read_on_the_page(wish: PromotionRequest, manager: User) -> None:
    said = {"ruling": "refuse", "reason": "The groups differ"}

    response = browser_of(manager).post(f"/model/promotions/{wish.pk}/ruling", said, follow=True)

    assert "The groups differ" in text_of(response)
    assert "Refusée" in text_of(response)


def test_the_requester_withdraws_and_nobody_else(wish: PromotionRequest, analyst: User, manager: User) -> None:
    refused = browser_of(manager).post(f"/model/promotions/{wish.pk}/withdrawal", follow=True)
    done = browser_of(analyst).post(f"/model/promotions/{wish.pk}/withdrawal", follow=True)

    assert "Seule la personne" in text_of(refused)
    assert "La demande est retirée" in text_of(done)


def test_the_preview_is_a_table_of_sides_and_one_of_agencies(
    wish: PromotionRequest, manager: User, policy: Policy
) -> None:
    application = assessed()
    ask_preview(wish)
    make_preview(wish)

    text = text_of(browser_of(manager).get(f"/model/promotions/{wish.pk}/"))

    assert "D’un avis à l’autre" in text
    assert application.agency.name in text


def test_the_waiting_page_is_told_when_the_preview_has_ended(wish: PromotionRequest, manager: User) -> None:
    browser = browser_of(manager)
    ask_preview(wish)

    waiting = browser.get(f"/model/promotions/{wish.pk}/preview/state")
    make_preview(wish)
    ended = browser.get(f"/model/promotions/{wish.pk}/preview/state")

    assert (waiting.status_code, waiting.headers.get("HX-Refresh")) == (204, None)
    assert (ended.status_code, ended.headers["HX-Refresh"]) == (204, "true")
    assert "n’a pas pu être fait" in text_of(browser.get(f"/model/promotions/{wish.pk}/"))


def test_why_a_preview_failed_is_told_in_the_language_of_the_reader(
    wish: PromotionRequest, manager: User, policy: Policy, small_bundle: Path
) -> None:
    wish.version = registry.register(misnamed(small_bundle, "ext_source_2", "ext_source_of_old"))
    wish.save()
    browser = browser_of(manager)

    make_preview(wish)
    unfit = text_of(browser.get(f"/model/promotions/{wish.pk}/"))
    Policy.objects.update(is_active=False)
    make_preview(wish)
    without_policy = text_of(browser.get(f"/model/promotions/{wish.pk}/"))

    assert "variables qui ne sont pas calculées ici : ext_source_of_old" in unfit
    assert "Aucune politique n’est en vigueur" in without_policy


def test_why_mlflow_has_no_run_is_told_in_the_language_of_the_reader(challenger: ModelVersion, analyst: User) -> None:
    sentence = "MLflow at {address} did not take the run ({kind}); the log of the training says more."
    failure = {"sentence": sentence, "facts": {"address": "http://mlflow", "kind": "MlflowException"}}
    TrainingRun.objects.create(
        version=challenger,
        state=State.DONE,
        finished_at=timezone.now(),
        seed=0,
        tracking_error="MLflow at http://mlflow did not take the run",
        tracking_failure=failure,
    )

    text = text_of(browser_of(analyst).get(f"/model/versions/{challenger.number}/"))

    assert "n’a pas enregistré l’exécution (MlflowException)" in text


def test_a_preview_lost_with_its_worker_can_be_asked_for_again(wish: PromotionRequest, manager: User) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    PromotionRequest.objects.filter(pk=wish.pk).update(preview_asked_at=long_ago)
    browser = browser_of(manager)

    assert "Compter maintenant" in text_of(browser.get(f"/model/promotions/{wish.pk}/"))
    browser.post(f"/model/promotions/{wish.pk}/preview")

    wish.refresh_from_db()
    assert wish.preview_asked_at is not None
    assert wish.preview_asked_at > long_ago


def test_one_step_on_the_list_goes_back(wish: PromotionRequest, manager: User, analyst: User) -> None:
    promotions.approve(wish, actor=manager)
    browser = browser_of(manager)

    assert "Remettre la version 1 en vigueur" not in text_of(browser_of(analyst).get("/model/versions/"))
    missing = browser.post("/model/rollback", {"reason": ""})
    done = browser.post("/model/rollback", {"reason": "Refusals doubled"}, follow=True)

    assert "Dites pourquoi" in text_of(missing)
    assert "La version 1 est de nouveau en vigueur" in text_of(done)
    assert registry.champion().number == 1


@pytest.mark.parametrize(("language", "words"), [("fr", "Version 2 du modèle"), ("en", "Model version 2")])
def test_the_audit_log_leads_to_the_card(wish: PromotionRequest, manager: User, language: str, words: str) -> None:
    promotions.approve(wish, actor=manager)
    event = AuditEvent.objects.get(kind=Kind.MODEL_PROMOTED)

    with translation.override(language):
        shown: Any = event_subject(event)

    assert shown == f'<a href="/model/versions/2/">{words}</a>'


def test_the_audit_log_says_promotions_in_french(wish: PromotionRequest, browser_of_auditor: Browser) -> None:
    text = text_of(browser_of_auditor.get("/journal/"))

    assert "Mise en vigueur demandée" in text
    assert f"Demande de mise en vigueur {wish.pk}" in text
    assert "motif : Better calibrated" in text


@pytest.fixture
def browser_of_auditor() -> Browser:
    return browser_of(UserFactory.create(role=Role.AUDITOR, agency=None))
