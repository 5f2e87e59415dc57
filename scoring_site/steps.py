"""Steps of a start: one program each, announced with its number, its sentence, and the seconds it took."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scoring_site.children import Program, say, spawn
from scoring_site.environment import ROOT
from scoring_site.errors import LaunchError


@dataclass(frozen=True)
class Step:
    """One program to run to its end; `name` is what the record of a first start calls it."""

    name: str
    sentence: str
    command: tuple[str, ...]
    needs_workers: bool = False


def manage(*words: str) -> tuple[str, ...]:
    return (sys.executable, str(ROOT / "manage.py"), *words)


def run_step(
    step: Step, number: str, environment: Mapping[str, str], *, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Run a step, its progress on our terminal; raises LaunchError when it fails."""
    say(f"[{number}] {step.sentence} ...")
    began = time.monotonic()
    status = _wait(spawn(Program(step.name, step.command), environment=environment, is_foreground=False), meanwhile)
    seconds = time.monotonic() - began
    if status:
        raise LaunchError(f"[{number}] {step.sentence}: failed after {seconds:.1f} s (status {status}), as said above.")
    say(f"[{number}] done in {seconds:.1f} s")


def _wait(process: subprocess.Popen[bytes], meanwhile: Callable[[], None]) -> int:
    try:
        while True:
            try:
                return process.wait(0.2)
            except subprocess.TimeoutExpired:
                meanwhile()
    finally:
        end(process)


def end(process: subprocess.Popen[bytes], seconds: float = 5.0) -> None:
    """End a process that still runs: asked first, then killed."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
