from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from applications.access import ALLOWED, Action
from applications.models import AuditEvent, Role, User
from modelling.attempts import close_lost
from modelling.models import ModelVersion, State, Study, TrainingRun
from modelling.training.search import Search
from tests.factories import UserFactory
from tests.pages import browser_of, text_of
from tests.small_bundle import made_up_tables
from tests.snapshot_folder import write_snapshot

pytestmark = pytest.mark.django_db

NEW = "/model/trainings/new"
ASKED = {
    "snapshot": "small",
    "seed": 3,
    "folds": 2,
    "cost_ratio": 10,
    "selection": "gain",
    "lessons": ["term"],
    "most_features": 20,
}

PAGE = "/model/trainings/"
HALF = {"features": 10.0, "fold 1 of 4": 20.0, "fold 2 of 4": 30.5, "fold 3 of 4": 41.0}


@pytest.fixture
def browser() -> Browser:
    return browser_of(UserFactory.create(role=Role.ANALYST))


def test_the_page_is_there_for_its_roles_and_for_no_other(anyone: User) -> None:
    response = browser_of(anyone).get(PAGE)

    assert (response.status_code == 404) is (Action.READ_MODELS not in ALLOWED[Role(anyone.role)])
    assert browser_of(anyone).post(PAGE).status_code == 405


def test_one_under_way_says_how_far_it_is_and_is_asked_for_again(browser: Browser) -> None:
    TrainingRun.objects.create(snapshot_name="autumn", seed=7, figures=HALF, asked={"folds": 4})

    response = browser.get(PAGE)

    assert "50 % · pli 3 sur 4" in text_of(response)
    assert 'hx-trigger="every 2s"' in response.content.decode()
    rows = browser.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in rows
    assert "pli 3 sur 4" in rows


def test_one_that_ended_is_asked_for_no_more_and_leads_to_its_version(
    browser: Browser, champion: ModelVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for seed in range(3):
        TrainingRun.objects.create(
            snapshot_name="autumn",
            seed=seed,
            state=State.DONE,
            finished_at=timezone.now(),
            version=champion,
            figures={**HALF, "fold 4 of 4": 50, "final booster": 60, "report": 65, "fairness": 80},
        )
    browser.get(PAGE)

    # Session, person, agency; the trainings with their versions.
    with django_assert_num_queries(4):
        response = browser.get(PAGE)

    page = response.content.decode()
    assert "hx-get" not in page
    assert 'href="/model/versions/1/"' in page
    assert "équité mesurée" in text_of(response)


def test_one_whose_process_was_killed_is_told_as_broken_off_and_why(browser: Browser) -> None:
    TrainingRun.objects.create(snapshot_name="autumn", seed=7, figures=HALF, backend_pid=-1)

    close_lost()

    text = text_of(browser.get(PAGE))
    assert "interrompu" in text
    assert "Son processus a pris fin avant la fin du travail" in text
    assert "50 % ·" not in text


def test_no_training_yet_is_said(browser: Browser) -> None:
    assert "train_model" in text_of(browser.get(PAGE))


@pytest.fixture
def _snapshot(settings: LazySettings, tmp_path: Path) -> None:
    settings.SNAPSHOTS_DIR = tmp_path
    write_snapshot(tmp_path / "small", made_up_tables(60))


@pytest.mark.usefixtures("_snapshot")
def test_only_who_may_train_starts_or_cancels(anyone: User) -> None:
    page, run = browser_of(anyone), TrainingRun.objects.create(snapshot_name="small", seed=1)

    answers = [page.get(NEW), page.post(NEW, ASKED), page.post(f"{PAGE}{run.pk}/cancel")]

    is_let_in = [answer.status_code != 404 for answer in answers]
    assert is_let_in == [Action.TRAIN_MODEL in ALLOWED[Role(anyone.role)]] * 3
    assert ("Lancer un apprentissage" in text_of(page.get(PAGE))) is is_let_in[0]


@pytest.mark.usefixtures("_snapshot")
def test_a_training_is_asked_for_by_form_and_waits_for_the_lab(browser: Browser) -> None:
    facts = {"overrides": "max_depth=3\nlearning_rate=0.1", "controlled": ["age_years"], "reason": "Comité des risques"}

    response = browser.post(NEW, {**ASKED, **facts})

    run = TrainingRun.objects.get()
    assert response.headers["Location"] == f"{PAGE}{run.pk}/"
    assert (run.state, run.seed, run.asked["lessons"], run.asked["most_features"]) == (State.QUEUED, 3, ["term"], 20)
    assert run.asked["overrides"] == {"max_depth": 3, "learning_rate": 0.1}
    assert AuditEvent.objects.get().data["reason"] == "Comité des risques"
    text = text_of(browser.get(f"{PAGE}{run.pk}/"))
    assert "Commence dès que le laboratoire est libre" in text
    assert "Comité des risques" in text
    browser.post(f"{PAGE}{run.pk}/cancel")
    assert TrainingRun.objects.get().state == State.CANCELLED
    again = text_of(browser.get(f"{PAGE}{run.pk}/"))
    assert "Redemander le même" in again
    filled = browser.get(f"{NEW}?again={run.pk}").content.decode()
    assert "learning_rate=0.1" in filled
    assert "Comité des risques" in filled


@pytest.mark.usefixtures("_snapshot")
def test_the_best_settings_of_a_study_are_trained_with(browser: Browser) -> None:
    trials = [{"number": 0, "settings": {"max_depth": 4}, "value": 0.7, "folds": 2}]
    trials.append({"number": 1, "settings": {"max_depth": 6}, "value": 0.8, "folds": 2})
    facts = {"snapshot_name": "small", "seed": 0, "state": State.DONE, "finished_at": timezone.now()}
    study = Study.objects.create(name="autumn", results=trials, asked=Search(folds=2).to_json(), **facts)

    form = browser.get(f"{NEW}?study={study.pk}").content.decode()
    browser.post(NEW, {**ASKED, "study": study.pk})

    assert f'<option value="{study.pk}" selected>autumn</option>' in form
    assert TrainingRun.objects.get().asked["overrides"] == {"max_depth": 6}


@pytest.mark.usefixtures("_snapshot")
@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"snapshot": "gone"}, "gone"),
        ({"folds": 1}, "2"),
        ({"folds": 20}, "ne remplissent pas 20 plis"),
        ({"overrides": "depth=3"}, "Réglage inconnu : depth ; on connaît"),
        ({"overrides": "deep"}, "« deep » n’en est pas une"),
        ({"controlled": ["age_years"]}, "Dites pourquoi"),
        ({"controlled": ["code_gender"]}, "code_gender"),
        ({"seed": "x"}, "nombre entier"),
        ({"cost_ratio": 0}, "supérieure ou égale"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_begun(browser: Browser, facts: dict[str, Any], sentence: str) -> None:
    response = browser.post(NEW, {**ASKED, **facts})

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not TrainingRun.objects.exists()


def test_one_under_way_says_how_far_it_is_on_its_page_and_reloads_it_once_it_has_ended(
    browser: Browser, champion: ModelVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = TrainingRun.objects.create(snapshot_name="autumn", seed=7, figures=HALF, asked={"folds": 4})
    page = f"{PAGE}{run.pk}/"
    browser.get(page)

    # Session, person, agency; the training with its version and who asked for it.
    with django_assert_num_queries(4):
        text = text_of(browser.get(page))
    assert "étape 4 sur 8 · pli 3 sur 4" in text
    assert "une étape en 10 s · encore" in text
    assert "<html" not in browser.get(f"{page}progress?seen=running").content.decode()
    TrainingRun.objects.update(state=State.DONE, finished_at=timezone.now(), version=champion)
    assert browser.get(f"{page}progress?seen=running").headers["HX-Refresh"] == "true"
    done = browser.get(page)
    assert 'href="/model/versions/1/"' in done.content.decode()
    assert "hx-get" not in done.content.decode()


def test_a_training_that_is_not_there_is_not_there(browser: Browser) -> None:
    assert browser.get(f"{PAGE}77/").status_code == 404
    assert browser.get(f"{NEW}?again=77").status_code == 404
    assert browser.get(f"{NEW}?study=77").status_code == 404
