"""A database of its own for a benchmark, with demo clients and a champion, kept for the next run.

It stands in the PostgreSQL server that runs for the benchmark, beside the site's; bundles and snapshots stand in a
folder of the state folder. Nothing of the site itself is read or changed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import psycopg2.sql

from benchmarks._demo_folder import ROOT, demo_files, home
from modelling.features.catalogue import catalogue_version
from scoring_site.children import Program

READY = "ready"
VALKEY_DATABASE = 15
_CHAMPION = (
    ("create_policies",),
    ("snapshot_tables",),
    ("train_model",),
    ("promote_model", "latest", "--by", "start"),
)


@dataclass(frozen=True)
class BenchSite:
    """Where a benchmark works. environment: what its processes are started with."""

    name: str
    folder: Path
    environment: dict[str, str]

    def manage(self, *words: str) -> str:
        """Run a management command and return what it wrote; ends the benchmark when the command fails."""
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise SystemExit(f"manage.py {words[0]} ended with status {done.returncode}: what it said stands above.")
        return done.stdout

    def python(self, module: str, *words: str) -> str:
        """Run a module of the benchmarks in this site's environment and return what it wrote."""
        command = [sys.executable, "-m", f"benchmarks.{module}", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise SystemExit(f"benchmarks.{module} ended with status {done.returncode}: what it said stands above.")
        return done.stdout

    @contextmanager
    def running(self, program: Program) -> Iterator[subprocess.Popen[bytes]]:
        """Run one process of the site for the length of the block; its log stands in the folder."""
        environment = {**self.environment, **program.environment}
        with (self.folder / f"{program.name}.log").open("ab") as log:
            process = subprocess.Popen(program.command, env=environment, stdout=log, stderr=log)  # noqa: S603  our own
            os.setpriority(os.PRIO_PROCESS, process.pid, program.niceness)
            try:
                yield process
            finally:
                process.terminate()
                process.wait(60)


def open_site(clients: int) -> BenchSite:
    """Return the site of so many demo clients, with a champion; made when it is not there, which takes a while."""
    return _opened(f"bench_{clients}", clients, _CHAMPION)


def open_rows(clients: int) -> BenchSite:
    """Return a site with the rows of so many demo clients and no model; made when it is not there."""
    return _opened(f"bench_rows_{clients}", clients, ())


def _opened(name: str, clients: int, further: Sequence[Sequence[str]]) -> BenchSite:
    folder = home() / name
    folder.mkdir(parents=True, exist_ok=True)
    site = BenchSite(name, folder, environment_of(name, folder))
    ready = folder / READY
    # Another catalogue of features, and its champion could not be used.
    if not ready.exists() or ready.read_text() != catalogue_version():
        _make(site, [("import_home_credit", str(demo_files(clients))), *further])
        ready.write_text(catalogue_version())
    site.manage("migrate", "--noinput")
    return site


def environment_of(name: str, folder: Path) -> dict[str, str]:
    """Return the environment of processes that work in the database of this name, with that state folder."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    broker = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{VALKEY_DATABASE}").geturl()
    return {**os.environ, "DATABASE_URL": database, "REDIS_URL": broker, "STATE_DIR": str(folder), "DEMO_DATA": "1"}


def _make(site: BenchSite, commands: Sequence[Sequence[str]]) -> None:
    print(f"making the database {site.name}; the next run finds it", flush=True)
    make_database(site.name)
    site.manage("migrate", "--noinput")
    for words in commands:
        print(f"  {words[0]}", flush=True)
        site.manage(*words)


def make_database(name: str) -> None:
    """Make an empty database of this name in place of one there may be."""
    quoted = psycopg2.sql.Identifier(name)
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(psycopg2.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
            cursor.execute(psycopg2.sql.SQL("CREATE DATABASE {}").format(quoted))
