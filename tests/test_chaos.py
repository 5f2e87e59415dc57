"""SIGKILL to web, workers, beat, broker and database at random: what was acknowledged is done, once, the log whole.

CHAOS_SEEDS and CHAOS_APPLICATIONS make it as long as one likes.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scoring_site import processes
from scoring_site.children import Service
from scoring_site.embedded import Servers, running_servers
from scoring_site.environment import ROOT, site_environment
from scoring_site.state import State, open_state
from scoring_site.steps import manage
from scoring_site.supervisor import Supervisor
from tests.chaos_reader import Reader

pytestmark = pytest.mark.slow

SEEDS = tuple(range(int(os.environ.get("CHAOS_SEEDS", "3"))))
APPLICATIONS = int(os.environ.get("CHAOS_APPLICATIONS", "500"))
KILLS = 3
ANSWER_SECONDS, END_SECONDS = 180.0, 300.0
AWAY_SECONDS = 4.0
HANGING_SECONDS = 15.0  # nobody waits longer, in the worst order of the time limits of cache and broker
HASTE = 4  # how much sooner than in earnest what was killed is started again


@dataclass
class Office:
    """The office under attack: its process, and all that may be killed, watched over by a supervisor."""

    process: subprocess.Popen[str]
    services: Sequence[Service]
    supervisor: Supervisor
    state: State
    port: int

    def say(self, *words: object) -> Any:
        """Give an order and wait for its answer, while whatever was killed is started again."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(*words, file=self.process.stdin, flush=True)
        deadline = time.monotonic() + ANSWER_SECONDS
        self.supervisor.tick()
        while not select.select([self.process.stdout], [], [], 0.1)[0]:
            self.supervisor.tick()
            assert time.monotonic() < deadline, f"no answer to {words[0]}"
        return json.loads(self.process.stdout.readline())

    def say_until_done(self, *words: object) -> Any:
        """Give an order again until the office could carry it out."""
        deadline = time.monotonic() + END_SECONDS
        while isinstance(answer := self.say(*words), dict) and "refused" in answer:
            assert time.monotonic() < deadline, answer["refused"]
            time.sleep(0.2)
        return answer

    def kill(self, service: Service) -> None:
        """Kill without a word, and wait until it is gone."""
        if service.pid is None or service.exit_status() is not None:
            return
        os.kill(service.pid, signal.SIGKILL)
        while service.exit_status() is None:
            time.sleep(0.01)

    def settle(self) -> None:
        """Wait until nothing is left to be done: beat has what was lost queued again."""
        deadline = time.monotonic() + END_SECONDS
        while (left := self.say_until_done("left")) != 0:
            assert time.monotonic() < deadline, f"{left} things are left after {END_SECONDS:.0f} s"
            time.sleep(0.3)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give an office with servers of its own, its web and workers running."""
    state = open_state(tmp_path_factory.mktemp("chaos") / "state")
    try:
        with running_servers(state, "site", {}) as servers, _running(state, servers) as office:
            yield office
    finally:
        # As root the data are outside of it, where the server's account can reach them.
        shutil.rmtree((state.folder / "postgres").resolve(), ignore_errors=True)


@pytest.fixture(scope="module")
def keys(office: Office, small_bundle: Path) -> dict[str, str]:
    """Give what opens the office's doors."""
    bundle = shutil.copytree(small_bundle, office.state.folder / "bundles" / small_bundle.name)
    opened: dict[str, str] = office.say_until_done("open_office", bundle)
    return opened


@contextmanager
def _running(state: State, servers: Servers) -> Iterator[Office]:
    given = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    given |= {"BOOK_TURNS": "2", "API_RATE": "100000/min", "LOG_LEVEL": "WARNING"}
    given |= {"REQUEST_LOST_AFTER_SECONDS": "2", "SWEEP_EVERY_SECONDS": "2"}  # ten times as often as in earnest
    environment = site_environment(given, servers.addresses, state, port=0, is_demo=True)
    for words in (("migrate", "--noinput"), ("collectstatic", "--noinput")):
        subprocess.run(manage(*words), env=environment, check=True, stdout=subprocess.DEVNULL)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        services = [*servers.services, *_services(state, environment, listener)]
        with _office_process(state, environment) as process:
            try:
                for service in services[len(servers.services) :]:
                    service.start()
                clock = Supervisor(services, now=lambda: HASTE * time.monotonic())
                yield Office(process, services, clock, state, listener.getsockname()[1])
            finally:
                process.kill()
                for service in services[len(servers.services) :]:
                    service.stop()


def _services(state: State, environment: dict[str, str], listener: socket.socket) -> list[Service]:
    web = processes.web(f"fd://{listener.fileno()}")
    others = [processes.interactive(), processes.book(), processes.lab(), processes.beat()]
    return [
        Service(web, environment=environment, log=state.log(web.name), pass_fds=[listener.fileno()]),
        *(Service(worker, environment=environment, log=state.log(worker.name)) for worker in others),
    ]


@contextmanager
def _office_process(state: State, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command, pipe = [sys.executable, "-m", "tests.chaos_office"], subprocess.PIPE
    with (
        state.log("office").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, text=True, stdin=pipe, stdout=pipe) as process,
    ):
        yield process


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_acknowledged_is_done_exactly_once_whatever_is_killed(
    office: Office, keys: dict[str, str], seed: int
) -> None:
    draw = random.Random(seed)
    numbers = office.say_until_done("take_in", 1_000_000 * (seed + 1), APPLICATIONS)
    asked = draw.sample(numbers, APPLICATIONS // 2)

    with Reader(office.port, **keys) as reader:
        for round_number, service in enumerate(draw.sample(office.services, KILLS)):
            office.say_until_done("ask", *asked[round_number::KILLS])  # acknowledged
            if round_number == 1:
                office.say("assess_book")
            time.sleep(draw.uniform(0.0, 1.0))
            office.kill(service)
        office.settle()
        office.say_until_done("assess_book")
    office.settle()

    found = office.say_until_done("verdict")
    print(f"seed {seed}: {len(found['applications'])} applications so far; answers of the web: {reader.answers}")
    assert reader.dishonest == []
    assert set(numbers) | set(reader.acknowledged) <= set(found["applications"])
    assert found["assessed"] == found["applications"]  # each once, none left out
    assert len(found["assessed"]) == found["made"] + found["vouched"]
    assert (found["failed"], found["failed_chunks"]) == (0, 0)
    assert (found["broken"], found["unrecorded"]) == (None, None)


def test_while_the_broker_is_away_people_save_and_read_and_the_queue_drains_by_itself(
    office: Office, keys: dict[str, str]
) -> None:
    broker = next(service for service in office.services if service.name == "valkey")
    office.kill(broker)  # and nobody starts it again before the supervisor is called

    with Reader(office.port, **keys) as reader:
        time.sleep(AWAY_SECONDS)
    page = reader.page_of(reader.acknowledged[-1])
    office.settle()

    assert reader.dishonest == []
    assert "En attente d'évaluation" in page
    assert set(reader.acknowledged) <= set(office.say_until_done("verdict")["assessed"])


def test_while_the_broker_hangs_nobody_waits_long_for_it(office: Office, keys: dict[str, str]) -> None:
    broker = next(service for service in office.services if service.name == "valkey")
    assert broker.pid is not None

    os.kill(broker.pid, signal.SIGSTOP)
    try:
        with Reader(office.port, **keys) as reader:
            time.sleep(2 * AWAY_SECONDS)
    finally:
        os.kill(broker.pid, signal.SIGCONT)
    office.settle()

    print(f"the slowest answer took {reader.slowest_seconds:.1f} s; answers of the web: {reader.answers}")
    assert reader.slowest_seconds < HANGING_SECONDS
    assert reader.acknowledged
    assert reader.dishonest == []
    assert set(reader.acknowledged) <= set(office.say_until_done("verdict")["assessed"])


def test_after_the_database_was_started_again_web_and_workers_go_on(office: Office, keys: dict[str, str]) -> None:
    database = next(service for service in office.services if service.name == "postgres")
    others = {service.name: service.pid for service in office.services if service is not database}

    database.stop()
    database.start()
    with Reader(office.port, **keys) as reader:
        time.sleep(AWAY_SECONDS)
    office.settle()

    assert reader.acknowledged
    assert reader.dishonest == []
    assert set(reader.acknowledged) <= set(office.say_until_done("verdict")["assessed"])
    assert {service.name: service.pid for service in office.services if service is not database} == others
