"""The first start of a state folder: from an empty database to assessed clients, resumable after each step."""

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psycopg2

from scoring_site.errors import LaunchError
from scoring_site.state import State, read_json, write_private
from scoring_site.steps import Step, manage, run_step

UNFINISHED, READY = "first_start.json", "ready.json"
DEMO_SEED = "1"
DEFAULT_CLIENTS = 5000


@dataclass(frozen=True)
class Plan:
    """What a state folder is filled with, and how far its first start has come.

    data: the folder of real tables, or None for demo clients; `clients` is then their number. `done`: names of steps.
    """

    clients: int = DEFAULT_CLIENTS
    data: str | None = None
    done: tuple[str, ...] = ()
    is_ready: bool = False

    @property
    def is_demo(self) -> bool:
        return self.data is None

    @property
    def sentence(self) -> str:
        return f"{self.clients} demo clients" if self.data is None else f"the tables of {self.data}"


def read_plan(state: State, *, clients: int | None, data: Path | None) -> Plan:
    """Return the plan of this folder, a new one from the options when it has none; they may not contradict it."""
    asked = Plan(clients or DEFAULT_CLIENTS, str(data) if data else None)
    found = saved_plan(state)
    if found is None:
        return asked
    if (clients or data) and (asked.clients, asked.data) != (found.clients, found.data):
        raise LaunchError(
            f"The state folder {state.folder} was begun with {found.sentence}: for others choose another with --state."
        )
    return found


def saved_plan(state: State) -> Plan | None:
    """Return the plan a start of this folder has saved, or None before the first one."""
    ready, unfinished = read_json(state.folder / READY), read_json(state.folder / UNFINISHED)
    found = ready or unfinished
    if found is None:
        return None
    return Plan(found["clients"], found["data"], tuple(found["done"]), is_ready=ready is not None)


def _save(state: State, plan: Plan) -> Plan:
    record = {name: value for name, value in asdict(plan).items() if name != "is_ready"}
    write_private(state.folder / UNFINISHED, json.dumps(record, indent=2))
    if plan.is_ready:
        (state.folder / UNFINISHED).replace(state.folder / READY)
    return plan


def steps(state: State, plan: Plan) -> list[Step]:
    """Return all steps of a first start, in order."""
    demo = state.folder / "demo" / "tables"
    source = str(demo) if plan.data is None else plan.data
    make = Step(
        "make_demo_data",
        f"Make {plan.clients} demo clients",
        manage("make_demo_data", str(demo), "--clients", str(plan.clients), "--seed", DEMO_SEED),
    )
    # In the published tables some histories lack the loan they belong to; in ours that would be a mistake.
    orphans = () if plan.is_demo else ("--orphans", "skip")
    return [
        *([make] if plan.is_demo else []),
        Step("import_home_credit", f"Import {plan.sentence}", manage("import_home_credit", source, *orphans)),
        Step("create_policies", "Set the policies", manage("create_policies")),
        Step("snapshot_tables", "Set a snapshot of the tables aside", manage("snapshot_tables")),
        Step("train_model", "Train", manage("train_model")),
        Step("promote_model", "Promote what was trained", manage("promote_model", "latest", "--by", "start")),
        Step("create_demo_people", "Create one person for each role", manage("create_demo_people")),
        Step("assess_all", "Assess every application", manage("assess_all", "--wait"), needs_workers=True),
        Step("lay_out_population", "Lay the population out", manage("lay_out_population"), needs_workers=True),
    ]


def fill(state: State, plan: Plan, environment: Mapping[str, str]) -> Plan:
    """Run what is missing up to the first step that needs workers; returns the plan as far as it has come."""
    return _run_missing(state, plan, environment, lambda: None, needs_workers=False)


def fill_with_workers(state: State, plan: Plan, environment: Mapping[str, str], meanwhile: Callable[[], None]) -> Plan:
    """Run the missing steps that need workers, calling `meanwhile` while they run; returns the plan, ready."""
    if plan.is_ready:
        return plan
    done = _run_missing(state, plan, environment, meanwhile, needs_workers=True)
    return _save(state, replace(done, is_ready=True))


def _run_missing(
    state: State, plan: Plan, environment: Mapping[str, str], meanwhile: Callable[[], None], *, needs_workers: bool
) -> Plan:
    """Run the steps of one kind which the plan has not done yet, recording each as it ends."""
    all_steps = [] if plan.is_ready else steps(state, plan)
    for number, step in enumerate(all_steps, start=1):
        if step.name in plan.done or step.needs_workers != needs_workers:
            continue
        if step.name == "make_demo_data":
            shutil.rmtree(state.folder / "demo" / "tables", ignore_errors=True)
        run_step(step, f"{number}/{len(all_steps)}", environment, meanwhile=meanwhile)
        plan = _save(state, replace(plan, done=(*plan.done, step.name)))
    return plan


def begin(state: State, plan: Plan, database_url: str) -> None:
    """Record a plan before its first step; raises when the database holds applications nobody recorded."""
    if saved_plan(state) is not None:
        return
    if _holds_applications(database_url):
        raise LaunchError(
            f"The database holds applications and {state.folder} has no record of a first start: to run the site "
            "on them start its processes as compose.yaml does, or give the folder they were begun with by --state."
        )
    _save(state, plan)


def _holds_applications(database_url: str) -> bool:
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("select exists (select from application)")
        row = cursor.fetchone()
        return bool(row and row[0])
