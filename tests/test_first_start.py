"""The first start: what it does in which order, what it remembers, and what it refuses."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scoring_site import first_start
from scoring_site.errors import LaunchError
from scoring_site.first_start import Plan, fill, fill_with_workers, read_plan, saved_plan, steps
from scoring_site.state import State, open_state
from scoring_site.steps import Step


@pytest.fixture
def state(tmp_path: Path) -> State:
    return open_state(tmp_path / "state")


@pytest.fixture
def written_steps(state: State, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Replace the steps by three that write their names; `broken` in the folder makes the second fail."""
    code = """if True:
        import pathlib, sys
        folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
        (folder / "ran").open("a").write(name + " ")
        sys.exit(name == "second" and (folder / "broken").exists())
    """

    def step(name: str, *, needs_workers: bool = False) -> Step:
        command = (sys.executable, "-c", code, str(state.folder), name)
        return Step(name, f"Do the {name}", command, needs_workers=needs_workers)

    chosen = [step("first"), step("second"), step("third", needs_workers=True)]
    monkeypatch.setattr(first_start, "steps", lambda state, plan: chosen)
    return lambda: (state.folder / "ran").read_text().split()


def test_demo_clients_are_made_before_they_are_imported_and_assessed_last(state: State) -> None:
    names = [step.name for step in steps(state, Plan())]

    assert names[:2] == ["make_demo_data", "import_home_credit"]
    assert names[-2:] == ["assess_all", "lay_out_population"]
    assert [step.name for step in steps(state, Plan()) if step.needs_workers] == names[-2:]


def test_real_tables_are_imported_in_place_of_demo_clients(state: State) -> None:
    first = steps(state, Plan(data="/tables"))[0]

    assert first.name == "import_home_credit"
    assert first.command[-3:] == ("/tables", "--orphans", "skip")


def test_each_step_is_run_once_and_the_folder_is_ready_at_the_end(
    state: State, written_steps: Callable[[], list[str]]
) -> None:
    plan = fill(state, Plan(), {})
    assert written_steps() == ["first", "second"]

    fill_with_workers(state, plan, {}, lambda: None)

    assert written_steps() == ["first", "second", "third"]
    found = saved_plan(state)
    assert found is not None
    assert found.is_ready


def test_a_ready_folder_runs_nothing_again(state: State, written_steps: Callable[[], list[str]]) -> None:
    fill_with_workers(state, fill(state, Plan(), {}), {}, lambda: None)
    ready = read_plan(state, clients=None, data=None)

    fill_with_workers(state, fill(state, ready, {}), {}, lambda: None)

    assert written_steps() == ["first", "second", "third"]


def test_an_interrupted_first_start_goes_on_where_it_was(state: State, written_steps: Callable[[], list[str]]) -> None:
    (state.folder / "broken").touch()
    with pytest.raises(LaunchError, match="Do the second: failed"):
        fill(state, Plan(), {})
    (state.folder / "broken").unlink()

    fill(state, read_plan(state, clients=None, data=None), {})

    assert written_steps() == ["first", "second", "second"]


def test_a_folder_keeps_what_it_was_begun_with(state: State, written_steps: Callable[[], list[str]]) -> None:
    fill(state, read_plan(state, clients=70, data=None), {})

    assert read_plan(state, clients=None, data=None).clients == 70
    assert read_plan(state, clients=70, data=None).clients == 70
    with pytest.raises(LaunchError, match="was begun with 70 demo clients"):
        read_plan(state, clients=80, data=None)
    with pytest.raises(LaunchError, match="was begun with 70 demo clients"):
        read_plan(state, clients=None, data=Path("/tables"))


def test_a_database_with_unknown_applications_is_left_alone(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_start, "_holds_applications", lambda url: True)

    with pytest.raises(LaunchError, match="has no record of a first start"):
        first_start.begin(state, Plan(), "postgres://somewhere/db")


def test_a_first_start_that_was_begun_may_find_its_own_applications(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_start, "_holds_applications", lambda url: False)
    first_start.begin(state, Plan(), "postgres://somewhere/db")
    monkeypatch.setattr(first_start, "_holds_applications", lambda url: True)

    first_start.begin(state, Plan(), "postgres://somewhere/db")

    assert saved_plan(state) == Plan()
