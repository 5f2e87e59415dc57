from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from applications.access import ALLOWED, Action
from applications.models import AuditEvent, Kind, Role, User
from modelling.models import State, Study
from modelling.training.search import Search
from tests.factories import UserFactory
from tests.pages import browser_of, text_of
from tests.small_bundle import made_up_tables
from tests.snapshot_folder import write_snapshot

pytestmark = pytest.mark.django_db

LIST = "/model/studies/"
NEW = "/model/studies/new"
SETTINGS = {"learning_rate": 0.03, "max_depth": 4}
DONE = {"state": State.DONE, "finished_at": timezone.now()}


@pytest.fixture(autouse=True)
def _snapshot(settings: LazySettings, tmp_path: Path) -> None:
    settings.SNAPSHOTS_DIR = tmp_path
    write_snapshot(tmp_path / "small", made_up_tables(60))


@pytest.fixture
def browser() -> Browser:
    return browser_of(UserFactory.create(role=Role.ANALYST))


def study(*values: float | None, **facts: Any) -> Study:
    trials = [
        {"number": place, "settings": {**SETTINGS, "max_depth": 4 + place}, "value": value, "folds": 2}
        for place, value in enumerate(values)
    ]
    usual = {"name": "autumn", "snapshot_name": "small", "seed": 0, "asked": Search(folds=2).to_json(), "trials": 50}
    return Study.objects.create(results=trials, **{**usual, **DONE, **facts})


def asked(**facts: Any) -> dict[str, Any]:
    usual = {"snapshot": "small", "seed": 0, "folds": 2, "cost_ratio": 10, "selection": "gain", "lessons": ["loans"]}
    return {**usual, "name": "autumn", "objective": "auc", "trials": 5, **facts}


@pytest.mark.parametrize("path", [LIST, "{}/", "{}/progress?seen=done", "{}/trials.json"])
def test_each_page_is_there_for_its_roles_and_for_no_other(anyone: User, path: str) -> None:
    number = study(0.7).pk

    response = browser_of(anyone).get(path if path == LIST else LIST + path.format(number))

    assert (response.status_code == 404) is (Action.READ_MODELS not in ALLOWED[Role(anyone.role)])


def test_only_who_may_train_begins_goes_on_or_stops(anyone: User) -> None:
    page, number = browser_of(anyone), study(0.7).pk

    answers = [page.get(NEW), page.post(NEW, asked(name="winter"))]
    answers += [page.post(f"{LIST}{number}/{deed}", {"trials": 9}) for deed in ("continue", "cancel")]

    is_let_in = [answer.status_code != 404 for answer in answers]
    assert is_let_in == [Action.TRAIN_MODEL in ALLOWED[Role(anyone.role)]] * 4
    assert ("Lancer une recherche" in text_of(page.get(LIST))) is is_let_in[0]


def test_a_search_is_asked_for_by_form_and_waits_for_the_lab(browser: Browser) -> None:
    response = browser.post(NEW, asked(minutes=2.5))

    row = Study.objects.get()
    assert response.headers["Location"] == f"{LIST}{row.pk}/"
    assert (row.state, row.trials, row.minutes, row.asked["folds"]) == (State.QUEUED, 5, 2.5, 2)
    assert AuditEvent.objects.get().kind == Kind.STUDY_STARTED
    text = text_of(browser.get(f"{LIST}{row.pk}/"))
    assert "Commence dès que le laboratoire est libre" in text
    assert "Arrêter la recherche" in text


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": "été"}, "Seuls des lettres sans accent"),
        ({"name": "known"}, "Il existe une recherche de ce nom"),
        ({"trials": ""}, "Dites quand la recherche s’arrête"),
        ({"snapshot": "gone"}, "gone"),
        ({"folds": 20}, "ne remplissent pas 20 plis"),
        ({"controlled": ["age_years"]}, "Dites pourquoi"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_filled_in_stays(
    browser: Browser, facts: dict[str, Any], sentence: str
) -> None:
    study(0.7, name="known")

    response = browser.post(NEW, asked(**facts))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Study.objects.count() == 1


def test_its_trials_are_told_with_the_best_and_the_standard_and_what_each_setting_counts_for(browser: Browser) -> None:
    number = study(0.71, None, 0.73, importance={"learning_rate": 0.25, "max_depth": 0.75}).pk

    text = text_of(browser.get(f"{LIST}{number}/"))

    assert "L’essai 3 atteint 0,73000 ; les réglages standards atteignent 0,71000." in text
    assert "1 essai a été abandonné en route" in text
    assert "max_depth 6 4 75 %" in text
    assert text.index("max_depth 6") < text.index("learning_rate 0,03")
    assert browser.get(f"{LIST}{number}/trials.json").json()["best"] == [[1, 0.71], [3, 0.73]]


def test_of_a_cost_the_lowest_is_the_best(browser: Browser) -> None:
    number = study(0.71, 0.65, 0.73, asked=Search(objective="cost").to_json()).pk

    assert "L’essai 2 atteint 0,65" in text_of(browser.get(f"{LIST}{number}/"))
    assert browser.get(f"{LIST}{number}/trials.json").json()["best"][-1] == [3, 0.65]


def test_one_at_work_says_how_far_it_is_and_reloads_the_page_once_it_has_ended(browser: Browser) -> None:
    row = study(0.71, 0.72, state=State.RUNNING, finished_at=None, trials=8)
    page = f"{LIST}{row.pk}/"

    text = text_of(browser.get(page))
    assert "essai 2 sur 8 · meilleur 0,72000" in text
    assert "encore" in text
    assert "<html" not in browser.get(f"{page}progress?seen=running").content.decode()
    Study.objects.update(**DONE)
    assert browser.get(f"{page}progress?seen=running").headers["HX-Refresh"] == "true"
    assert "Poursuivre la recherche" in text_of(browser.get(page))


def test_a_search_is_gone_on_with_and_stopped(browser: Browser) -> None:
    browser.post(NEW, asked())
    Study.objects.update(**DONE)
    page = f"{LIST}{Study.objects.get().pk}/"

    empty = browser.post(f"{page}continue", {})
    browser.post(f"{page}continue", {"trials": 70})
    queued = Study.objects.get()
    browser.post(f"{page}cancel")

    assert empty.status_code == 422
    assert "Dites quand la recherche" in text_of(empty)
    assert (queued.state, queued.trials) == (State.QUEUED, 70)
    assert Study.objects.get().state == State.CANCELLED
    assert "C’est déjà terminé" in text_of(browser.post(f"{page}cancel", follow=True))


def test_the_pages_ask_the_database_as_often_whatever_there_is(
    browser: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(3):
        study(*[0.7] * 12, name=f"s{place}")
    pages = (LIST, f"{LIST}{Study.objects.latest('pk').pk}/")
    browser.get(LIST)

    # Session, person, agency; the studies.
    for page in pages:
        with django_assert_num_queries(4):
            browser.get(page)


def test_no_search_yet_is_said_and_one_that_is_not_there(browser: Browser) -> None:
    assert "tune_model" in text_of(browser.get(LIST))
    assert browser.get(f"{LIST}77/").status_code == 404
