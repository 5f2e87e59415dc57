"""The commands of start.py, run inside `.venv` under its process id: site, test, manage, bench."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

from scoring_site.checks import run_tests
from scoring_site.children import Program, say, spawn
from scoring_site.embedded import running_servers
from scoring_site.environment import KEEP_MEMORY, ROOT, site_environment
from scoring_site.errors import LaunchError
from scoring_site.first_start import saved_plan
from scoring_site.foreground import wait_in_foreground
from scoring_site.site import run_site
from scoring_site.state import open_state
from scoring_site.steps import manage
from start import Options, read_options

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
BENCHMARKS = ROOT / "benchmarks"


def main(words: list[str]) -> int:
    """Run what the command line asks for; returns the status to exit with."""
    options = read_options(words)
    for number in _STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        return _COMMANDS[options.command](options)
    except LaunchError as error:
        say(str(error))
        return 1


def _stop(number: int, _frame: FrameType | None) -> None:
    """Unwind everything that runs; a second Ctrl-C changes nothing, since each stop has its time limit."""
    for one in _STOP_SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _site(options: Options) -> int:
    try:
        run_site(options)
    except SystemExit:
        say("stopped")
    return 0


def _test(options: Options) -> int:
    os.chdir(ROOT)
    return run_tests(open_state(options.state), options.arguments)


def _manage(options: Options) -> int:
    return _run_with_servers(options, Program("manage", manage(*options.arguments)))


def _bench(options: Options) -> int:
    known = sorted(path.stem for path in BENCHMARKS.glob("[!_]*.py"))
    name, *words = options.arguments or ("",)
    if name not in known:
        raise LaunchError(f"There is no benchmark {name!r}; there are: {', '.join(known) or 'none yet'}.")
    # As the processes have it that build features all day long.
    return _run_with_servers(
        options, Program("bench", (sys.executable, "-m", f"benchmarks.{name}", *words), environment=KEEP_MEMORY)
    )


def _run_with_servers(options: Options, program: Program) -> int:
    """Run a program on the terminal, in the site's environment; returns its status."""
    state = open_state(options.state)
    plan = saved_plan(state)
    is_demo = plan is not None and plan.is_demo
    with running_servers(state, options.command, os.environ) as servers:
        environment = site_environment(os.environ, servers.addresses, state, port=options.port, is_demo=is_demo)
        mortal = replace(program, death_signal=signal.SIGTERM)
        return wait_in_foreground(spawn(mortal, environment=environment, is_foreground=True))


_COMMANDS: dict[str, Callable[[Options], int]] = {"site": _site, "test": _test, "manage": _manage, "bench": _bench}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
