"""Child processes that never outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals
from typing import Any

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec a child may do next to nothing.
_LIBC = ctypes.CDLL(None)
LARGEST_LOG_BYTES = 20_000_000


@dataclass(frozen=True)
class Account:
    """A user of the machine under whose name a child runs."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """What to run, and how to end it.

    stop_signals: what asks it to end, in this order, each given `stop_seconds` before the next, SIGKILL at last.
    death_signal: what the kernel sends it when the launcher is gone.
    niceness: how far it stands back for others on a busy machine, 0 (not at all) to 19.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signals: tuple[Signals, ...] = (Signals.SIGTERM,)
    stop_seconds: float = 8.0
    death_signal: Signals = Signals.SIGKILL
    niceness: int = 0


def spawn(
    program: Program,
    *,
    environment: Mapping[str, str],
    log: Path | None = None,
    account: Account | None = None,
    pass_fds: Sequence[int] = (),
    is_foreground: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a program bound to this process's life; without a log it writes to our terminal.

    is_foreground: it also reads from the terminal and gets its Ctrl-C. Others are spared it: we end them in order.
    Call it from the main thread alone: the kernel binds the child to the thread that forked it.
    """
    output = None if log is None else _open_log(log)
    try:
        return subprocess.Popen(  # noqa: S603  our own commands
            program.command,
            env={**environment, **program.environment},
            stdin=None if is_foreground else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=None if is_foreground else 0,
            preexec_fn=_bind_to_this_process(program),  # noqa: PLW1509  the launcher has no threads
            pass_fds=pass_fds,
            **identity(account),
        )
    finally:
        if output is not None:
            os.close(output)


def identity(account: Account | None) -> dict[str, Any]:
    """Return the arguments by which subprocess runs a program as this account, in a folder open to it."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "cwd": "/"}


def _bind_to_this_process(program: Program) -> Callable[[], None]:
    """Return what the child does before exec; subprocess runs it after dropping privileges, which would undo it."""
    parent = os.getpid()

    def bind() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(program.death_signal))
        os.nice(program.niceness)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def _open_log(log: Path) -> int:
    if log.is_file() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


class Service:
    """One long-lived child: starts, is watched, and stops; `prepare` runs before every start."""

    def __init__(
        self,
        program: Program,
        *,
        environment: Mapping[str, str],
        log: Path,
        account: Account | None = None,
        pass_fds: Sequence[int] = (),
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        self.program = program
        self.name = program.name
        self.log = log
        self._environment = environment
        self._account = account
        self._pass_fds = pass_fds
        self._prepare = prepare
        self._process: subprocess.Popen[bytes] | None = None
        self._is_asked_to_stop = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._prepare()
        self._is_asked_to_stop = False
        self._process = spawn(
            self.program,
            environment=self._environment,
            log=self.log,
            account=self._account,
            pass_fds=self._pass_fds,
        )

    def exit_status(self) -> int | None:
        """Return the status it ended with (negative: the signal), or None while it runs or was never started."""
        return self._process.poll() if self._process else None

    def ask_to_stop(self) -> None:
        """Send the first of its stop signals and return at once."""
        if self._process and not self._is_asked_to_stop:
            self._process.send_signal(self.program.stop_signals[0])
        self._is_asked_to_stop = True

    def stop(self) -> None:
        """End it and whatever it left in its group; returns when it is gone."""
        if self._process is None:
            return
        self.ask_to_stop()
        for later in (*self.program.stop_signals[1:], Signals.SIGKILL):
            if _has_ended_within(self._process, self.program.stop_seconds):
                break
            self._process.send_signal(later)
        self._process.wait()
        _kill_group(self._process.pid)
        self._process = None


def _has_ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def pids_working_in(folder: Path) -> list[int]:
    """Return the processes whose current folder is this one: how a server of an earlier launcher is recognised.

    PostgreSQL (each of its processes) and Valkey stand in their data folder. Zombies do not count, they hold nothing.
    """
    target = folder.resolve()
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _cwd(entry) == target]


def _cwd(entry: Path) -> Path | None:
    try:
        return (entry / "cwd").readlink()
    except OSError:
        return None


def wait_until_deserted(folder: Path, seconds: float = 30.0) -> bool:
    """Wait until no process works in the folder any more; False when one still does after so many seconds."""
    deadline = time.monotonic() + seconds
    while pids_working_in(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def say(sentence: str) -> None:
    """Tell the person at the terminal; errors and progress share stderr's order, so nothing is left in a buffer."""
    print(sentence, file=sys.stderr, flush=True)
