"""Collects the static files when they have changed since the last time."""

import hashlib
from pathlib import Path

from scoring_site.environment import ROOT
from scoring_site.state import State, write_private
from scoring_site.steps import Step, manage

_STAMP = "static.stamp"


def collect_step(state: State) -> Step | None:
    """Return the step that collects the static files, or None when the collected ones are those of today."""
    stamp = state.folder / _STAMP
    if stamp.is_file() and stamp.read_text() == _fingerprint():
        return None
    return Step("collectstatic", "Collect the static files", manage("collectstatic", "--noinput", "--verbosity", "0"))


def record_collection(state: State) -> None:
    write_private(state.folder / _STAMP, _fingerprint())


def _fingerprint() -> str:
    """Return a digest of what would be collected: our files by name, size and time, the packages' by the lock."""
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    lines = [f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    lock = (ROOT / "requirements.txt").read_text()
    settings = Path(__file__).with_name("settings.py").read_text()
    return hashlib.sha256("\n".join([*lines, lock, settings]).encode()).hexdigest()
