"""The state folder: data, bundles, logs, and the secrets made once and kept with mode 600."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring_site.errors import LaunchError

# Made at once and closed to others: in a folder made by root, that of PostgreSQL must stay within reach of its account.
_CLOSED_FOLDERS = ("secrets", "logs", "valkey", "bundles", "snapshots", "rejects", "static", "demo")


@dataclass(frozen=True)
class State:
    """Where one installation keeps everything that is not code."""

    folder: Path

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def people(self) -> Path:
        return self.folder / "demo_people.txt"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def secret(self, name: str) -> str:
        """Return the secret of that name, made at its first use."""
        path = self.folder / "secrets" / name
        if not path.exists():
            write_private(path, secrets.token_hex(32))
        return path.read_text()


def open_state(folder: Path) -> State:
    """Return the state folder, made when missing; a sentence when it is not ours to write."""
    try:
        _make(folder)
        for name in _CLOSED_FOLDERS:
            (folder / name).mkdir(mode=0o700, exist_ok=True)
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise LaunchError(
            f"The state folder {folder} cannot be used ({error}): choose another with --state."
        ) from error
    if not os.access(folder / "secrets", os.R_OK | os.W_OK | os.X_OK):
        raise LaunchError(f"The state folder {folder} belongs to another user: choose another with --state.")
    return State(folder)


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True)
    # Said after making it, since the umask may take away what PostgreSQL's account needs to pass through.
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """Return what a file written by `write_private` holds, or None when there is none."""
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    return found
