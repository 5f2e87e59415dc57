"""Set up this checkout and run it: the site, its tests, its management commands, its benchmarks.

Standard library alone, because nothing is installed yet when this file runs. It makes `.venv`, installs the hashed lock
into it, and becomes `python -m scoring_site.launcher` with the same process id.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
PLAIN_LOCK = ROOT / "requirements.txt"
# Holds everything of the plain lock and the tools of the tests besides.
DEV_LOCK = ROOT / "requirements-dev.txt"
UV = "uv==0.13.9"
COMMANDS = ("site", "test", "manage", "bench")
DEFAULT_CLIENTS = 5000

USAGE = """\
python3 start.py [--port 8000] [--clients 5000 | --data DIR] [--state DIR]  the site, ready to use
python3 start.py test [--state DIR] [pytest arguments]                      all checks and tests, or pytest alone
python3 start.py manage [--state DIR] COMMAND ...                           a management command
python3 start.py bench [--state DIR] NAME ...                               a benchmark

--port     where the site listens on 127.0.0.1 (8000)
--clients  how many demo clients the first start makes (5000)
--data     a folder with the Home Credit tables, imported by the first start in place of demo clients
--state    where data, trained bundles and passwords live (.state beside this file; .state/test for test)
"""


@dataclass(frozen=True)
class Options:
    """What the command line asks for; paths are absolute. `clients` is None when nothing was said."""

    command: str
    state: Path
    arguments: tuple[str, ...] = ()
    port: int = 8000
    clients: int | None = None
    data: Path | None = None


class _Sentences(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SystemExit(f"start.py: {message}. `python3 start.py --help` shows what it takes.")


def read_options(words: list[str]) -> Options:
    """Return what the words of the command line ask for; ends with a sentence when they make no sense."""
    folder, rest = _take_state(words)
    command = rest[0] if rest and rest[0] in COMMANDS else "site"
    state = folder or ROOT / ".state" / ("test" if command == "test" else "")
    if command != "site":
        return Options(command, state, tuple(rest[1:]))
    return _read_site_options(state, rest[1:] if rest[:1] == ["site"] else rest)


def _take_state(words: list[str]) -> tuple[Path | None, list[str]]:
    """Return the folder of --state, which every command takes at any place, and the other words in their order."""
    parser = _Sentences(add_help=False, allow_abbrev=False)
    parser.add_argument("--state", metavar="DIR")
    found, rest = parser.parse_known_args(words)
    return (Path(found.state).absolute() if found.state else None), rest


def _read_site_options(state: Path, words: list[str]) -> Options:
    if {"-h", "--help"} & set(words):
        print(USAGE, end="")
        raise SystemExit
    parser = _Sentences(add_help=False, allow_abbrev=False)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--clients", type=int)
    parser.add_argument("--data", metavar="DIR")
    found, unknown = parser.parse_known_args(words)
    if unknown:
        parser.error(f"{unknown[0]!r} is neither an option nor one of the commands {', '.join(COMMANDS)}")
    _check_site_options(parser, found)
    data = Path(found.data).absolute() if found.data else None
    return Options("site", state, (), found.port, found.clients, data)


def _check_site_options(parser: _Sentences, found: argparse.Namespace) -> None:
    if not 1 <= found.port <= 65535:
        parser.error(f"--port {found.port} is not between 1 and 65535")
    if found.clients is not None and found.clients < 1:
        parser.error(f"--clients {found.clients} is not a number of clients")
    if found.clients is not None and found.data:
        parser.error("--clients makes demo clients and --data brings real ones: choose one")
    if found.data and not Path(found.data).exists():
        parser.error(f"--data {found.data} does not exist")


def ensure_python() -> None:
    """Go on with Python 3.11, the version the locks are made for, or say what is missing."""
    running = tuple(sys.version_info)
    if running[:2] == (3, 11):
        return
    right = shutil.which("python3.11")
    if right is None:
        found = ".".join(map(str, running[:3]))
        raise SystemExit(f"start.py needs Python 3.11 and runs under {found}: install it, then `python3.11 start.py`.")
    os.execv(right, [right, *sys.argv])


def install(command: str) -> None:
    """Bring `.venv` to the lock this command needs; returns at once when it is there already."""
    with Path(__file__).open() as this_file:
        # Two commands of one checkout may start together: the second waits for the first one's installation.
        fcntl.flock(this_file, fcntl.LOCK_EX)
        if not _is_installed(command):
            _install_lock(_lock_for(command))


def _is_installed(command: str) -> bool:
    enough = {_fingerprint(DEV_LOCK)} | (set() if command == "test" else {_fingerprint(PLAIN_LOCK)})
    return os.access(VENV_PYTHON, os.X_OK) and STAMP.is_file() and STAMP.read_text() in enough


def _lock_for(command: str) -> Path:
    """Return the lock to install: a `.venv` that has served the tests keeps their tools."""
    has_served_tests = STAMP.is_file() and STAMP.read_text().startswith(DEV_LOCK.name)
    return DEV_LOCK if command == "test" or has_served_tests else PLAIN_LOCK


def _fingerprint(lock: Path) -> str:
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}\n"


def _install_lock(lock: Path) -> None:
    began = time.monotonic()
    print(f"Installing {lock.name} into .venv ...", flush=True)
    if not os.access(VENV_PYTHON, os.X_OK):
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(VENV)
    pip = _find_pip()
    _run([*pip, "install", "--quiet", UV], f"pip could not install {UV}")
    if not _sync_with_uv(lock):
        print("uv could not install the lock; pip tries, which takes longer ...", flush=True)
        command = [*pip, "install", "--quiet", "--require-hashes", "--requirement", str(lock)]
        _run(command, f"Neither uv nor pip could install {lock.name}")
    STAMP.write_text(_fingerprint(lock))
    print(f"Installed in {time.monotonic() - began:.0f} s.", flush=True)


def _find_pip() -> list[str]:
    """Return the command of a pip that installs into `.venv`: its own, or that of this Python."""
    own = [str(VENV_PYTHON), "-m", "pip"]
    if _succeeds([*own, "--version"]) or _succeeds([str(VENV_PYTHON), "-m", "ensurepip"]):
        return own
    # Debian leaves ensurepip out of its Python: a pip installed beside it can serve the folder from outside.
    outside = [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]
    if _succeeds([*outside, "--version"]):
        return outside
    raise SystemExit("This Python has neither ensurepip nor pip: install one (Debian: apt-get install python3-venv).")


def _sync_with_uv(lock: Path) -> bool:
    """Install exactly the lock with uv; False, and what uv said on stderr, when it cannot."""
    environment = {**_pip_index_for_uv(), **os.environ}
    command = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--python", str(VENV_PYTHON), "--require-hashes"]
    done = subprocess.run([*command, str(lock)], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
    return done.returncode == 0


def _pip_index_for_uv() -> dict[str, str]:
    """Return pip's own index and certificates in uv's words, as uv does not read pip's configuration."""
    said = {"UV_DEFAULT_INDEX": os.environ.get("PIP_INDEX_URL"), "SSL_CERT_FILE": os.environ.get("PIP_CERT")}
    return {name: value for name, value in said.items() if value}


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _run(command: list[str], failure: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{failure}. It said:\n{(done.stderr or done.stdout).strip()}")


def openmp_folder() -> Path | None:
    """Return a folder with libgomp.so.1 for LD_LIBRARY_PATH, or None where the system has the library.

    LightGBM's wheel expects the system's copy; scikit-learn's wheel brings one of its own under another name.
    """
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return _link_bundled_openmp()
    return None


def _link_bundled_openmp() -> Path | None:
    bundled = next(VENV.glob("lib/python*/site-packages/scikit_learn.libs/libgomp-*.so*"), None)
    if bundled is None:
        return None
    link = VENV / "lib" / "openmp" / "libgomp.so.1"
    link.parent.mkdir(exist_ok=True)
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(bundled)
    return link.parent


def environment() -> dict[str, str]:
    """Return the environment of the launcher: this one, with the checkout and `.venv` in front."""
    added = {
        "PYTHONPATH": str(ROOT),
        "PATH": str(VENV / "bin"),
        "LD_LIBRARY_PATH": str(openmp_folder() or ""),
    }
    joined = {name: os.pathsep.join(filter(None, (value, os.environ.get(name)))) for name, value in added.items()}
    return {**os.environ, **{name: value for name, value in joined.items() if value}}


def main() -> None:
    ensure_python()
    options = read_options(sys.argv[1:])
    try:
        install(options.command)
    except OSError as error:
        raise SystemExit(f"The installation in {VENV} failed: {error}.") from error
    command = [str(VENV_PYTHON), "-m", "scoring_site.launcher", *sys.argv[1:]]
    os.execve(command[0], command, environment())


if __name__ == "__main__":
    main()
