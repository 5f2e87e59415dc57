"""The site on one machine: prepared, filled at its first start, run and watched until it is told to stop."""

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from scoring_site import first_start, processes
from scoring_site.children import Service, say
from scoring_site.embedded import DATABASE_URL, Servers, running_servers
from scoring_site.environment import site_environment
from scoring_site.errors import LaunchError
from scoring_site.first_start import Plan
from scoring_site.preparation import prepare
from scoring_site.state import State, open_state
from scoring_site.supervisor import Supervisor, stop_in_order
from start import Options

_READY_SECONDS = 120.0


def run_site(options: Options) -> None:
    """Run the site until a signal ends it (as SystemExit)."""
    os.umask(0o077)
    state = open_state(options.state)
    with _take_port(options.port) as listener, running_servers(state, "site", os.environ) as servers:
        plan = first_start.read_plan(state, clients=options.clients, data=options.data)
        environment = site_environment(os.environ, servers.addresses, state, port=options.port, is_demo=plan.is_demo)
        prepare(state, environment, is_private_database=not os.environ.get(DATABASE_URL))
        first_start.begin(state, plan, servers.addresses[DATABASE_URL])
        plan = first_start.fill(state, plan, environment)
        with _running_services(state, environment, listener, servers) as supervisor:
            first_start.fill_with_workers(state, plan, environment, supervisor.tick)
            _wait_until_ready(options.port, state, supervisor)
            _announce(options.port, state, plan)
            _watch(supervisor)


@contextmanager
def _take_port(port: int) -> Iterator[socket.socket]:
    """Hold the port from the beginning, so that nobody takes it during a long first start; nothing listens yet."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise LaunchError(f"Port {port} is not free ({error.strerror}): choose another with --port.") from error
        yield listener


@contextmanager
def _running_services(
    state: State, environment: Mapping[str, str], listener: socket.socket, servers: Servers
) -> Iterator[Supervisor]:
    """Run the processes of the site for the length of the block, watched over together with the servers."""
    services = _services(state, environment, listener)
    try:
        for service in services:
            service.start()
        yield Supervisor([*servers.services, *services])
    finally:
        stop_in_order(services)


def _services(state: State, environment: Mapping[str, str], listener: socket.socket) -> list[Service]:
    web = processes.web(f"fd://{listener.fileno()}")
    others = [processes.interactive(), processes.book(), processes.lab(), processes.beat()]
    return [
        Service(web, environment=environment, log=state.log(web.name), pass_fds=[listener.fileno()]),
        *(Service(program, environment=environment, log=state.log(program.name)) for program in others),
    ]


def _wait_until_ready(port: int, state: State, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while (objection := _objection(f"http://127.0.0.1:{port}/health/ready")) is not None:
        if time.monotonic() > deadline:
            raise LaunchError(f"The site is not ready after {_READY_SECONDS:.0f} s: {objection}. See {state.logs}.")
        supervisor.tick()
        time.sleep(0.1)


def _objection(address: str) -> str | None:
    """Return why this address does not answer well, or None when it does."""
    # A proxy of the environment has no business between us and ourselves.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(address, timeout=5).close()
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read(500).decode(errors='replace')}".strip()
    except OSError as error:
        return str(error)
    return None


def _announce(port: int, state: State, plan: Plan) -> None:
    say(f"State folder {state.folder}: {plan.sentence}, logs in {state.logs}")
    if state.people.exists():
        say(f"People and their passwords: {state.people}")
    print(f"ready: http://127.0.0.1:{port}", flush=True)


def _watch(supervisor: Supervisor) -> None:
    while True:
        supervisor.tick()
        time.sleep(0.5)
