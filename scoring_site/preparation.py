"""What every start needs up to date: tables, translations, static files."""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scoring_site.environment import ROOT
from scoring_site.state import State, read_json, write_private
from scoring_site.steps import Step, manage, run_step

_RECORD = "prepared.json"


@dataclass(frozen=True)
class Preparation:
    """A step and the digest of what it is made from; without one it is always run."""

    step: Step
    digest: str | None


def prepare(state: State, environment: Mapping[str, str], *, is_private_database: bool) -> None:
    """Run what is due, recording each as it ends."""
    done = read_json(state.folder / _RECORD) or {}
    for one in _preparations(state, is_private_database=is_private_database):
        if one.digest is not None and done.get(one.step.name) == one.digest:
            continue
        run_step(one.step, "prepare", environment)
        done[one.step.name] = one.digest
        write_private(state.folder / _RECORD, json.dumps(done, indent=2))


def _preparations(state: State, *, is_private_database: bool) -> list[Preparation]:
    lock = ROOT / "requirements.txt"
    tables = [lock, *ROOT.glob("*/migrations/*.py"), state.folder / "postgres" / "data" / "PG_VERSION"]
    static = [lock, ROOT / "scoring_site" / "settings.py", *(ROOT / "static").rglob("*")]
    migrate = Step("migrate", "Bring the tables of the database up to date", manage("migrate", "--noinput", "-v", "0"))
    compile_words = Step("words", "Compile the translations", (sys.executable, "-m", "applications.words", "compile"))
    collect = Step("collectstatic", "Collect the static files", manage("collectstatic", "--noinput", "-v", "0"))
    return [
        # A database of the caller's may be another one than last time.
        Preparation(migrate, _digest(tables) if is_private_database else None),
        # It looks for itself at what is stale: its results lie in the checkout, which may serve other state folders.
        Preparation(compile_words, None),
        Preparation(collect, _digest(static)),
    ]


def _digest(paths: Iterable[Path]) -> str:
    """Return a digest of the files by name, size and time."""
    files = sorted(path for path in paths if path.is_file())
    lines = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
