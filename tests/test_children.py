"""Child processes: they stop when asked, when they do not listen, and when their parent is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from signal import Signals

import pytest

from scoring_site.children import Program, Service
from scoring_site.environment import ROOT

_DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
_PARENT = """
import os, sys, time
from scoring_site.children import Program, spawn
child = spawn(Program("child", (sys.executable, "-c", "import time; time.sleep(600)")), environment=os.environ)
print(child.pid, flush=True)
time.sleep(600)
"""


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def _wait_for(log: Path, word: str) -> None:
    while not log.exists() or word not in log.read_text():
        time.sleep(0.01)


def test_a_child_dies_with_its_killed_parent() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", _PARENT], env=environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert _is_running(child)

        os.kill(parent.pid, signal.SIGKILL)

    deadline = time.monotonic() + 10
    while _is_running(child):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    program = Program("deaf", (sys.executable, "-c", _DEAF), stop_signals=(Signals.SIGTERM,), stop_seconds=0.2)
    service = Service(program, environment=os.environ, log=tmp_path / "deaf.log")
    service.start()
    _wait_for(service.log, "up")
    pid = service.pid
    assert pid is not None

    service.stop()

    assert not _is_running(pid)


def test_a_stopped_service_has_no_process_and_no_status(tmp_path: Path) -> None:
    service = Service(Program("true", ("true",)), environment=os.environ, log=tmp_path / "true.log")
    service.start()

    service.stop()

    assert (service.pid, service.exit_status()) == (None, None)


def test_every_start_prepares_first(tmp_path: Path) -> None:
    prepared: list[int] = []
    service = Service(
        Program("true", ("true",)), environment=os.environ, log=tmp_path / "log", prepare=lambda: prepared.append(1)
    )
    for _ in range(2):
        service.start()
        service.stop()

    assert len(prepared) == 2


@pytest.mark.parametrize("size", [10, 21_000_000])
def test_a_log_goes_on_until_it_is_large_and_is_then_put_aside(tmp_path: Path, size: int) -> None:
    log = tmp_path / "echo.log"
    log.write_bytes(b"x" * size)

    service = Service(Program("echo", ("echo", "new")), environment=os.environ, log=log)
    service.start()
    _wait_for(log, "new")
    service.stop()

    assert (tmp_path / "echo.log.1").exists() == (size > 20_000_000)
