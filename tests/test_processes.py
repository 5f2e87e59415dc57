"""The list of processes, and the containers of compose.yaml that become them."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from scoring_site import celery_app, processes
from scoring_site.children import Program
from scoring_site.environment import ROOT, site_environment
from scoring_site.secret_files import read_secret_files
from scoring_site.state import open_state


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Return the services of compose.yaml that are ours."""
    found = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return {name: service for name, service in found.items() if "build" in service}


def test_every_process_has_its_container(services: dict[str, Any]) -> None:
    assert {service["command"][0] for service in services.values()} == set(processes.PROCESSES)


def test_containers_run_what_the_image_becomes(services: dict[str, Any]) -> None:
    image = (ROOT / "Dockerfile").read_text()

    assert 'ENTRYPOINT ["python", "-m", "scoring_site.processes"]' in image
    assert re.search(r"^USER scoring$", image, re.MULTILINE)


def test_containers_give_settings_all_that_has_no_default(services: dict[str, Any]) -> None:
    settings = (ROOT / "scoring_site" / "settings.py").read_text()
    required = set(re.findall(r'env\.(?:str|db_url)\("(\w+)"(?!, default)', settings))

    for service in services.values():
        assert required <= set(service["environment"])


def test_what_is_copied_into_the_image_exists() -> None:
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    assert [name for name in kept if not (ROOT / name).exists()] == []


def test_the_image_and_start_install_by_the_same_uv() -> None:
    pins = {re.findall(r"uv==[\d.]+", (ROOT / name).read_text())[0] for name in ("Dockerfile", "start.py")}

    assert len(pins) == 1


def test_the_book_keeps_every_processor_busy_with_one_thread_each(monkeypatch: pytest.MonkeyPatch) -> None:
    program = processes.book()
    assert program.command[program.command.index("--concurrency") + 1] == str(len(os.sched_getaffinity(0)))
    assert program.environment["LIGHTGBM_THREADS"] == program.environment["POLARS_MAX_THREADS"] == "1"

    monkeypatch.setenv("BOOK_CONCURRENCY", "3")
    assert "3" in processes.book().command


def test_people_never_wait_behind_the_book(services: dict[str, Any]) -> None:
    queues = [program.command[program.command.index("--queues") + 1] for program in _workers()]
    interactive, *others = _workers()

    assert queues == ["interactive", "book", "lab"]
    assert all(interactive.niceness < other.niceness for other in others)
    assert all(services[other.name]["cpu_shares"] < 1024 for other in others)  # what a container gets unless told


def test_the_web_server_loads_its_views_before_it_forks_and_spares_them_the_garbage_collector() -> None:
    told = "import gc, sys; import scoring_site.wsgi; print('applications.urls' in sys.modules, gc.get_freeze_count())"

    found = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True).stdout.split()

    assert found[0] == "True"
    assert int(found[1]) > 100_000


def test_a_process_stands_back_as_far_in_a_container_as_under_the_launcher() -> None:
    told = (
        "import os, sys; from scoring_site import processes; "
        "os.execve = lambda *_: print(os.nice(0)); processes.main(sys.argv[1:])"
    )
    environment = {**os.environ, "SECRET_KEY": secrets.token_hex(32)}

    nices = [
        int(subprocess.run([sys.executable, "-c", told, name], env=environment, capture_output=True, check=True).stdout)
        for name in ("worker-interactive", "worker-book")
    ]

    assert nices[1] == min(nices[0] + processes.book().niceness, 19)  # the kernel knows no more


def _workers() -> list[Program]:
    return [processes.interactive(), processes.book(), processes.lab()]


def test_an_unknown_process_is_refused_by_name() -> None:
    with pytest.raises(SystemExit, match="Name one process of web, worker-interactive"):
        processes.main(["webb"])


def test_secrets_may_come_in_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hidden\n")

    found = read_secret_files({"SECRET_KEY_FILE": str(tmp_path / "key"), "REDIS_URL": "redis://there"})

    assert found["SECRET_KEY"] == "hidden"
    assert found["REDIS_URL"] == "redis://there"


def test_what_the_caller_has_set_stays_as_it_is(tmp_path: Path) -> None:
    state = open_state(tmp_path / "state")
    given = {"ALLOWED_HOSTS": "scoring.example.org", "SECRET_KEY": "mine"}

    found = site_environment(given, {}, state, port=8001, is_demo=True)

    assert found["ALLOWED_HOSTS"] == "scoring.example.org"
    assert found["SECRET_KEY"] == "mine"
    assert found["DEMO_DATA"] == "1"
    assert "http://127.0.0.1:8001" in found["CSRF_TRUSTED_ORIGINS"]


def test_the_secret_key_is_made_once_and_kept(tmp_path: Path) -> None:
    state = open_state(tmp_path / "state")

    first, second = (site_environment({}, {}, state, port=8000, is_demo=False)["SECRET_KEY"] for _ in range(2))

    assert first == second
    assert len(first) == 64


def test_a_message_comes_back_only_when_the_task_that_held_it_must_be_dead() -> None:
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
    for task in celery_app.tasks.values():
        is_long = (task.time_limit or 0) >= settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
        assert not (is_long and task.acks_late), task.name
