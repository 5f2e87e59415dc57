"""The private PostgreSQL and Valkey of a machine that has none: found running, or started and stopped with us.

Whoever holds the lock file of a state folder owns its servers. Another command finds their addresses in a file, uses
them, and says so by a shared lock, which a short command waits for before it stops what others still use.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scoring_site import private_postgres, private_valkey
from scoring_site.children import Service, say
from scoring_site.errors import LaunchError
from scoring_site.state import State, read_json, write_private

DATABASE_URL, REDIS_URL = "DATABASE_URL", "REDIS_URL"
ADDRESSES, OWNER, USERS = "servers.json", "servers.owner", "servers.users"
# These two must own what they run on; `manage` and `bench` are content with servers that run already.
_OWNING_COMMANDS = ("site", "test")
# PostgreSQL may have a crash to recover from, Valkey a long file to read.
_START_SECONDS = 120.0
_PORT_ATTEMPTS = 3


@dataclass(frozen=True)
class Servers:
    """Where the servers answer; `services` are those this process started and has to watch."""

    addresses: Mapping[str, str]
    services: tuple[Service, ...] = ()


@contextmanager
def running_servers(state: State, command: str, given: Mapping[str, str]) -> Iterator[Servers]:
    """Give the servers of a state folder for as long as the block lasts.

    given: the environment; a server whose address it holds is used as it is and none of ours is started for it.
    """
    own = {name: given[name] for name in (DATABASE_URL, REDIS_URL) if given.get(name)}
    with _open_lock(state.folder / OWNER) as owner, _open_lock(state.folder / USERS) as users:
        found = _join_or_own(state, command, owner, users)
        if found is not None:
            yield Servers({**found, **own})
            return
        with (
            _started(state, own, is_durable=command != "test") as servers,
            _announced(state, servers, users, is_patient=command != "site"),
        ):
            yield servers


def _open_lock(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")


def _join_or_own(state: State, command: str, owner: IO[str], users: IO[str]) -> Mapping[str, str] | None:
    """Return the addresses of servers another process runs, or None once this process owns the state folder."""
    has_told = False
    while not _try_lock(owner):
        holder = owner_of(state)
        _refuse_second(state, command, holder)
        if command not in _OWNING_COMMANDS and (found := _join(state, users)) is not None:
            return found
        if not has_told:
            say(f"Waiting for `{holder}`, which uses {state.folder} ...")
        has_told = True
        time.sleep(0.2)
    (state.folder / ADDRESSES).unlink(missing_ok=True)
    owner.truncate(0)
    owner.write(json.dumps({"command": command, "pid": os.getpid()}))
    owner.flush()
    return None


def owner_of(state: State) -> str:
    """Return the command that owns the servers of a state folder, or owned them last."""
    try:
        holder = read_json(state.folder / OWNER) or {}
    except json.JSONDecodeError:  # taken this moment, not written yet
        return "another command"
    return str(holder.get("command", "another command"))


def _refuse_second(state: State, command: str, holder: str) -> None:
    if command in _OWNING_COMMANDS and holder in _OWNING_COMMANDS:
        raise LaunchError(f"`{holder}` runs on {state.folder} already: stop it, or choose another folder with --state.")


def _join(state: State, users: IO[str]) -> Mapping[str, str] | None:
    fcntl.flock(users, fcntl.LOCK_SH)
    addresses = read_json(state.folder / ADDRESSES)
    if addresses is None:
        fcntl.flock(users, fcntl.LOCK_UN)
    return addresses


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _announced(state: State, servers: Servers, users: IO[str], *, is_patient: bool) -> Iterator[None]:
    """Let other commands find the servers during the block; a patient owner lets them finish at its end."""
    write_private(state.folder / ADDRESSES, json.dumps(dict(servers.addresses)))
    try:
        yield
    finally:
        if is_patient and not _try_lock(users):
            say("Another command still uses the servers: waiting for it ...")
            fcntl.flock(users, fcntl.LOCK_EX)
        (state.folder / ADDRESSES).unlink(missing_ok=True)


@contextmanager
def _started(state: State, own: Mapping[str, str], *, is_durable: bool) -> Iterator[Servers]:
    """Start what is not given, PostgreSQL first; the block over, stop it in the other order."""
    with (
        nullcontext() if DATABASE_URL in own else _postgres(state, is_durable=is_durable) as postgres,
        nullcontext() if REDIS_URL in own else _valkey(state) as valkey,
    ):
        found = [one for one in (postgres, valkey) if one is not None]
        addresses = {name: url for server in found for name, url in server.addresses.items()}
        services = tuple(service for server in found for service in server.services)
        yield Servers({**own, **addresses}, services)


@contextmanager
def _postgres(state: State, *, is_durable: bool) -> Iterator[Servers]:
    def make(port: int) -> tuple[Service, str]:
        service = private_postgres.make_postgres(state, port, is_durable=is_durable)
        return service, private_postgres.postgres_url(state, port)

    with _running(make, private_postgres.answers) as (service, url):
        yield Servers({DATABASE_URL: url}, (service,))


@contextmanager
def _valkey(state: State) -> Iterator[Servers]:
    def make(port: int) -> tuple[Service, str]:
        return private_valkey.make_valkey(state, port), private_valkey.valkey_url(state, port)

    with _running(make, private_valkey.answers) as (service, url):
        yield Servers({REDIS_URL: url}, (service,))


@contextmanager
def _running(
    make: Callable[[int], tuple[Service, str]], answers: Callable[[str], bool]
) -> Iterator[tuple[Service, str]]:
    """Start a server on a free port, which a stranger may take before it does: then on another one."""
    for _ in range(_PORT_ATTEMPTS):
        service, url = make(_free_port())
        try:
            service.start()
            if _comes_up(service, lambda: answers(url)):  # noqa: B023  called within this round
                yield service, url
                return
        finally:
            service.stop()
    raise LaunchError(f"{service.name} does not start. The end of {service.log}:\n{_last_lines(service.log)}")


def _comes_up(service: Service, answers: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and service.exit_status() is None:
        if answers():
            return True
        time.sleep(0.03)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _last_lines(log: Path, count: int = 10) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
