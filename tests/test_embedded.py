"""The private servers: started, found by others, stopped, and gone with a launcher that was killed."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from scoring_site.children import pids_working_in
from scoring_site.embedded import ADDRESSES, DATABASE_URL, REDIS_URL, running_servers
from scoring_site.environment import ROOT
from scoring_site.errors import LaunchError
from scoring_site.state import State, open_state

pytestmark = pytest.mark.slow

_HOLDER = """
import sys, time
from pathlib import Path
from scoring_site.embedded import running_servers
from scoring_site.state import open_state

with running_servers(open_state(Path(sys.argv[1])), "site", {}):
    print("up", flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """Return a state folder whose data lives as long as this file's tests; pytest makes it closed to other users."""
    yield from _temporary_state(tmp_path_factory)


@pytest.fixture
def fresh_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """Return a state folder of one test alone, which may spoil it."""
    yield from _temporary_state(tmp_path_factory)


def _temporary_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    state = open_state(tmp_path_factory.mktemp("state") / "state")
    yield state
    # As root the data are outside of it, where the server's account can reach them.
    shutil.rmtree((state.folder / "postgres").resolve(), ignore_errors=True)


@pytest.fixture
def holder(state: State) -> Iterator[subprocess.Popen[str]]:
    """Return another process that runs the servers of the state folder, as the launcher of a site does."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _HOLDER, str(state.folder)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.kill()
    assert _all_gone(state)


def _data_folders(state: State) -> list[Path]:
    return [(state.folder / "postgres").resolve() / "data", state.folder / "valkey"]


def _all_gone(state: State, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while any(pids_working_in(folder) for folder in _data_folders(state)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _run(url: str, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_a_server_that_cannot_reach_the_state_folder_lives_outside_it(state: State) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs PostgreSQL as somebody else")

    with running_servers(state, "site", {}):
        home = (state.folder / "postgres").resolve()

    assert not home.is_relative_to(state.folder)
    assert home.stat().st_uid != 0


def test_both_servers_answer_and_end_with_the_block(state: State) -> None:
    with running_servers(state, "site", {}) as servers:
        assert _run(servers.addresses[DATABASE_URL], "select 1") == [(1,)]
        with redis.Redis.from_url(servers.addresses[REDIS_URL]) as client:
            assert client.ping()
        assert [service.name for service in servers.services] == ["postgres", "valkey"]

    assert _all_gone(state)
    assert not (state.folder / ADDRESSES).exists()


def test_nothing_is_started_beside_given_servers(state: State) -> None:
    given = {DATABASE_URL: "postgres://u:p@elsewhere/db", REDIS_URL: "redis://elsewhere"}

    with running_servers(state, "site", given) as servers:
        assert servers.addresses == given
        assert servers.services == ()


def test_no_password_shows_in_the_list_of_processes(state: State) -> None:
    with running_servers(state, "site", {}) as servers:
        pids = [service.pid for service in servers.services]
        shown = "".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in pids)

        assert state.secret("postgres") not in shown
        assert state.secret("valkey") not in shown


def test_a_wrong_password_is_refused(state: State) -> None:
    with running_servers(state, "site", {}) as servers:
        wrong = servers.addresses[DATABASE_URL].replace(state.secret("postgres"), "guess")
        with pytest.raises(psycopg2.OperationalError, match="authentication failed"):
            psycopg2.connect(wrong)
        wrong = servers.addresses[REDIS_URL].replace(state.secret("valkey"), "guess")
        with redis.Redis.from_url(wrong) as client, pytest.raises(redis.AuthenticationError):
            client.ping()


def test_a_killed_launcher_leaves_nothing_running_and_loses_no_committed_row(
    state: State, holder: subprocess.Popen[str]
) -> None:
    addresses = json.loads((state.folder / ADDRESSES).read_text())
    _run(addresses[DATABASE_URL], "create table kept_by_kill as select 7 as n")

    os.kill(holder.pid, signal.SIGKILL)

    assert _all_gone(state)
    with running_servers(state, "site", {}) as servers:
        assert _run(servers.addresses[DATABASE_URL], "select n from kept_by_kill") == [(7,)]


def test_a_killed_postgres_is_no_hindrance_to_the_next_start(state: State) -> None:
    with running_servers(state, "site", {}) as servers:
        _run(servers.addresses[DATABASE_URL], "create table kept as select 7 as n")
        postgres = servers.services[0]
        assert postgres.pid is not None
        os.kill(postgres.pid, signal.SIGKILL)
        while postgres.exit_status() is None:
            time.sleep(0.05)

        postgres.start()

        assert _answers_within(servers.addresses[DATABASE_URL], 20.0)
        assert _run(servers.addresses[DATABASE_URL], "select n from kept") == [(7,)]


def _answers_within(url: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            psycopg2.connect(url).close()
        except psycopg2.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def test_a_second_command_uses_the_servers_that_run_and_leaves_them_running(
    state: State, holder: subprocess.Popen[str]
) -> None:
    with running_servers(state, "manage", {}) as servers:
        assert servers.services == ()
        assert _run(servers.addresses[DATABASE_URL], "select 1") == [(1,)]

    assert all(pids_working_in(folder) for folder in _data_folders(state))


def test_a_second_site_on_the_same_state_is_refused(state: State, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(LaunchError, match=r"`site` runs on .* already"), running_servers(state, "site", {}):
        pass


def test_an_interrupted_making_of_the_data_is_begun_again(fresh_state: State) -> None:
    with running_servers(fresh_state, "test", {}):
        pass
    data = _data_folders(fresh_state)[0]
    data.rename(data.with_name("data.new"))

    with running_servers(fresh_state, "test", {}) as servers:
        assert _run(servers.addresses[DATABASE_URL], "select 1") == [(1,)]


def test_data_of_another_postgres_are_left_alone(fresh_state: State) -> None:
    with running_servers(fresh_state, "test", {}):
        pass
    (_data_folders(fresh_state)[0] / "PG_VERSION").write_text("9\n")

    with pytest.raises(LaunchError, match="are of PostgreSQL 9 and this is"), running_servers(fresh_state, "test", {}):
        pass


def test_a_lost_password_is_named(fresh_state: State) -> None:
    with running_servers(fresh_state, "test", {}):
        pass
    (fresh_state.folder / "secrets" / "postgres").unlink()

    with pytest.raises(LaunchError, match="secrets/postgres is missing"), running_servers(fresh_state, "test", {}):
        pass


def test_what_is_secret_is_readable_by_its_owner_alone(state: State) -> None:
    with running_servers(state, "site", {}):
        secret = [state.folder / ADDRESSES, state.folder / "valkey" / "valkey.conf"]
        secret += (state.folder / "secrets").iterdir()
        modes = {stat.S_IMODE(path.stat().st_mode) for path in secret}

    assert modes == {0o600}
