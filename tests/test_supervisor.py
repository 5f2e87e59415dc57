"""The supervisor: what ends unasked comes back, more slowly each time."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoring_site.children import Program, Service
from scoring_site.supervisor import Supervisor, pause_seconds


class Clock:
    """A clock that stands still until a test moves it."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    program = Program("sleeper", (sys.executable, "-c", "import time; time.sleep(600)"))
    service = Service(program, environment=os.environ, log=tmp_path / "sleeper.log")
    service.start()
    yield service
    service.stop()


def _kill(service: Service) -> None:
    assert service.pid is not None
    os.kill(service.pid, signal.SIGKILL)
    while service.exit_status() is None:
        time.sleep(0.01)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (7, 60), (50, 60)])
def test_each_failure_in_a_row_doubles_the_pause_up_to_a_minute(failures: int, seconds: int) -> None:
    assert pause_seconds(failures) == seconds


def test_a_service_that_ends_unasked_is_named_and_started_again(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    supervisor = Supervisor([service], now=clock)
    former = service.pid
    _kill(service)

    supervisor.tick()
    assert "sleeper ended unasked (signal 9)" in capsys.readouterr().err
    assert service.pid == former

    clock.seconds += 1.1
    supervisor.tick()
    assert service.pid != former
    assert service.exit_status() is None


def test_a_service_that_runs_is_left_alone(service: Service) -> None:
    former = service.pid

    Supervisor([service]).tick()

    assert service.pid == former


def test_a_failure_after_a_steady_run_counts_as_the_first(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    supervisor = Supervisor([service], now=clock)
    for _ in range(3):
        clock.seconds += 120
        _kill(service)
        supervisor.tick()
        clock.seconds += 2
        supervisor.tick()

    assert capsys.readouterr().err.count("again in 1 s") == 3
