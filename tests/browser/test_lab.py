"""An analyst starts a training and a search in a browser and sees them end."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from applications.models import Role, User
from modelling.models import State, Study
from modelling.training.search import Search
from tests.browser.conftest import Visit
from tests.factories import PASSWORD, UserFactory
from tests.small_bundle import made_up_tables
from tests.snapshot_folder import write_snapshot


@pytest.fixture
def analyst(transactional_db: None) -> User:
    return UserFactory.create(role=Role.ANALYST, agency=None)


@pytest.fixture
def _snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the site and its worker a state folder with a small snapshot."""
    for name in ("snapshots", "bundles"):
        monkeypatch.setattr(settings, f"{name.upper()}_DIR", tmp_path / name)
    monkeypatch.setattr(settings, "STATE_DIR", tmp_path)
    write_snapshot(tmp_path / "snapshots" / "small", made_up_tables(300))


def enter(window: Visit, person: User) -> None:
    window.open("/login")
    window.page.get_by_label("Nom d'utilisateur").fill(person.username)
    window.page.get_by_label("Mot de passe").fill(PASSWORD)
    window.page.get_by_role("main").get_by_role("button").click()
    window.page.wait_for_url(lambda address: "/login" not in address)


@pytest.mark.usefixtures("_snapshot")
def test_a_training_is_started_watched_and_leads_to_its_version(
    visit: Callable[..., Visit], analyst: User, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    start_worker()
    window = visit()
    enter(window, analyst)
    page = window.page

    window.open("/model/trainings/")
    page.get_by_role("link", name="Lancer un apprentissage").click()
    page.get_by_label("Plis").fill("2")
    assert window.axe_violations() == []
    page.get_by_role("button", name="Lancer l’apprentissage").click()
    page.get_by_role("button", name="Annuler l’apprentissage").wait_for()
    page.get_by_role("link", name="Voir la version 1").click(timeout=180_000)

    page.get_by_role("heading", name="Version 1").first.wait_for()
    assert window.complaints == []


_CUT = """[...document.querySelectorAll("select")].filter((each) => {
  const room = each.offsetWidth;
  each.style.width = "max-content";
  const needed = each.offsetWidth;
  each.style.width = "";
  return needed > room;
}).map((each) => each.name)"""


@pytest.mark.usefixtures("_snapshot")
@pytest.mark.parametrize("width", [1280, 390])
def test_every_choice_is_read_whole(visit: Callable[..., Visit], analyst: User, width: int) -> None:
    window = visit(width=width)
    enter(window, analyst)

    for path in ("/model/trainings/new", "/model/studies/new"):
        window.open(path)
        assert window.page.evaluate(_CUT) == [], path


@pytest.mark.usefixtures("_snapshot")
@pytest.mark.parametrize(("dark", "width"), [(False, 1360), (True, 390)])
def test_the_pages_of_the_lab_are_accessible_and_never_scroll_sideways(
    visit: Callable[..., Visit], analyst: User, dark: bool, width: int
) -> None:
    settings_of = {"learning_rate": 0.03, "max_depth": 4, "lambda_l2": 20.0, "bagging_fraction": 0.8}
    trials = [{"number": n, "settings": settings_of, "value": 0.75 + n / 900, "folds": 5} for n in range(12)]
    counts = {"learning_rate": 0.6, "max_depth": 0.2, "lambda_l2": 0.15, "bagging_fraction": 0.05}
    facts = {"snapshot_name": "small", "seed": 0, "results": trials, "importance": counts, "trials": 40}
    number = Study.objects.create(name="autumn", state=State.RUNNING, asked=Search().to_json(), **facts).pk
    window = visit(dark=dark, width=width)
    enter(window, analyst)

    for path in ("/model/trainings/new", "/model/studies/", "/model/studies/new", f"/model/studies/{number}/"):
        window.open(path)
        window.page.wait_for_load_state("networkidle")
        drawn = window.page.evaluate("[...document.querySelectorAll('canvas')].map((each) => !!Chart.getChart(each))")
        assert all(drawn), path
        assert window.axe_violations() == [], path
        assert not window.scrolls_sideways(), path
    assert window.complaints == []
