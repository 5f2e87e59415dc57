"""The commands of the README, run as a reader would: from a checkout, in a state folder of their own."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "STATE_DIR", "DJANGO_SETTINGS_MODULE", "DEMO_DATA", "SECURE_COOKIES")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in OURS}
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(line[2:]) for line in re.findall(r"^\$ .+$", README, flags=re.MULTILINE)]
# `start.py test` is what runs this test.
MANAGE = [words[2:] for words in COMMANDS if words[2:3] == ["manage"]]


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """Give a folder that PostgreSQL's account can pass through when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="readme-"))
    folder.chmod(0o711)
    yield folder / "state"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def address(state: Path) -> Iterator[str]:
    """Start the site on 1,000 demo clients and stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = state.with_name("log")
    options = ["--clients", "1000", "--port", str(port), "--state", str(state)]
    with log.open("wb") as output:
        command = [sys.executable, "start.py", *options]
        site = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(site, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        site.send_signal(signal.SIGTERM)
        site.wait(timeout=60)


def _wait_until_ready(site: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 300
    while "ready: http" not in log.read_text(errors="replace"):
        assert site.poll() is None, log.read_text(errors="replace")[-2000:]
        assert time.monotonic() < end, log.read_text(errors="replace")[-2000:]
        time.sleep(0.2)


def test_the_readme_names_both_commands() -> None:
    assert ["python3", "start.py"] in COMMANDS
    assert ["python3", "start.py", "test"] in COMMANDS
    assert len(MANAGE) >= 3


@pytest.mark.slow
def test_the_site_starts_from_nothing_and_answers(address: str) -> None:
    with urllib.request.urlopen(f"{address}/health/ready", timeout=10) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(f"{address}/login", timeout=10) as answer:
        assert "Données de démonstration" in answer.read().decode()


@pytest.mark.slow
def test_passwords_are_for_the_owner_alone(address: str, state: Path) -> None:
    assert (state / "demo_people.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
@pytest.mark.parametrize("words", MANAGE, ids=" ".join)
def test_each_management_command_of_the_readme_runs(address: str, state: Path, words: list[str]) -> None:
    placed = [word.replace(".state/", f"{state}/") for word in words]

    done = subprocess.run(
        [sys.executable, "start.py", *placed, "--state", str(state)],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
