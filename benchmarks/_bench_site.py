"""A database of its own for a benchmark, with demo clients and a champion, kept for the next run.

It stands in the PostgreSQL server that runs for the benchmark, beside the site's; bundles and snapshots stand in a
folder of the state folder. Nothing of the site itself is read or changed.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2
import psycopg2.sql

from benchmarks._demo_folder import ROOT, demo_files, home
from modelling.features.catalogue import catalogue_version
from scoring_site import processes
from scoring_site.children import Program, say

READY = "ready"
VALKEY_DATABASE = 15
START_SECONDS = 120.0
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
        return self._run(words[0], [sys.executable, str(ROOT / "manage.py"), *words], "")

    def python(self, module: str, *words: str, given: str = "") -> str:
        """Run a module of the benchmarks in this site's environment, `given` on stdin, and return what it wrote."""
        return self._run(module, [sys.executable, "-m", f"benchmarks.{module}", *words], given)

    def _run(self, name: str, command: list[str], given: str) -> str:
        done = subprocess.run(  # noqa: S603  our own modules and commands
            command, cwd=ROOT, env=self.environment, input=given, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{name} ended with status {done.returncode}: what it said stands above.")
        return done.stdout

    @contextmanager
    def running(self, program: Program) -> Iterator[psutil.Process]:
        """Run one process of the site for the length of the block; its log stands in the folder."""
        environment = {**self.environment, **program.environment}
        with (self.folder / f"{program.name}.log").open("ab") as log:
            process = subprocess.Popen(program.command, env=environment, stdout=log, stderr=log)  # noqa: S603  our own
            # As the launcher does: so much less than the rest of the site, which may have a priority of its own.
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + program.niceness)
            try:
                yield psutil.Process(process.pid)
            finally:
                process.terminate()
                process.wait(60)

    @contextmanager
    def running_web(self) -> Iterator[tuple[psutil.Process, str]]:
        """Run the web server as a start does; gives it and its address once it answers."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            bind = f"127.0.0.1:{taken.getsockname()[1]}"
        with self.running(processes.web(bind)) as web:
            _wait_for(f"http://{bind}/health/live")
            yield web, bind


def cpu_seconds(process: psutil.Process) -> float:
    """Return the processor time that a process and its living children have taken."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)


def open_site(clients: int) -> BenchSite:
    """Return the site of so many demo clients, with a champion; made when it is not there, which takes a while."""
    name = f"bench_{clients}"
    folder = home() / name
    folder.mkdir(parents=True, exist_ok=True)
    site = BenchSite(name, folder, environment_of(name, folder))
    ready = folder / READY
    # Another catalogue of features, and its champion could not be used.
    if not ready.exists() or ready.read_text() != catalogue_version():
        _make(site, [("import_home_credit", str(demo_files(clients))), *_CHAMPION])
        ready.write_text(catalogue_version())
    site.python("_bench_fresh")
    return site


def environment_of(name: str, folder: Path) -> dict[str, str]:
    """Return the environment of processes that work in the database of this name, with that state folder."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    broker = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{VALKEY_DATABASE}").geturl()
    own = {"DATABASE_URL": database, "REDIS_URL": broker, "STATE_DIR": str(folder), "DEMO_DATA": "1"}
    return {**os.environ, **own, "API_RATE": "1000000/min"}


def _wait_for(address: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            opener.open(address, timeout=5).close()
        except OSError as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"{address} does not answer after {START_SECONDS:.0f} s: {error}") from error
            time.sleep(0.1)
        else:
            return


def _make(site: BenchSite, commands: Sequence[Sequence[str]]) -> None:
    say(f"making the database {site.name}; the next run finds it")
    make_database(site.name)
    site.manage("migrate", "--noinput")
    for words in commands:
        say(f"  {words[0]}")
        site.manage(*words)


def make_database(name: str) -> None:
    """Make an empty database of this name in place of one there may be."""
    quoted = psycopg2.sql.Identifier(name)
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(psycopg2.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
            cursor.execute(psycopg2.sql.SQL("CREATE DATABASE {}").format(quoted))
