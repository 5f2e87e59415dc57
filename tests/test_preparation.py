"""What every start brings up to date, and leaves alone when it is."""

import os
import stat
from pathlib import Path

import pytest

from scoring_site import preparation
from scoring_site.preparation import prepare
from scoring_site.state import State, open_state
from scoring_site.steps import Step


@pytest.fixture
def state(tmp_path: Path) -> State:
    return open_state(tmp_path / "state")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the steps that were run, in place of running them."""
    names: list[str] = []

    def note(step: Step, number: str, environment: object) -> None:
        names.append(step.name)

    monkeypatch.setattr(preparation, "run_step", note)
    return names


def test_the_second_start_leaves_tables_and_static_files_alone(state: State, ran: list[str]) -> None:
    prepare(state, {}, is_private_database=True)
    assert ran == ["migrate", "words", "collectstatic"]
    ran.clear()

    prepare(state, {}, is_private_database=True)

    assert ran == ["words"]


def test_a_database_of_the_callers_is_always_migrated(state: State, ran: list[str]) -> None:
    for _ in range(2):
        prepare(state, {}, is_private_database=False)

    assert ran.count("migrate") == 2


def test_a_new_private_database_is_migrated_again(state: State, ran: list[str]) -> None:
    prepare(state, {}, is_private_database=True)

    (state.folder / "postgres" / "data").mkdir(parents=True)
    (state.folder / "postgres" / "data" / "PG_VERSION").write_text("18")
    prepare(state, {}, is_private_database=True)

    assert ran.count("migrate") == 2


def test_a_new_state_folder_can_be_passed_through_by_postgres_alone(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        state = open_state(tmp_path / "new")
    finally:
        os.umask(before)

    assert stat.S_IMODE(state.folder.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)
    assert stat.S_IMODE((state.folder / "secrets").stat().st_mode) == 0o700
