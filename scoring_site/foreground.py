"""Waits for a program that has the terminal."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from scoring_site.steps import end


def wait_in_foreground(process: subprocess.Popen[bytes]) -> int:
    """Wait for a program that reads the terminal; Ctrl-C is for it to act on. Returns its status as a shell would."""
    try:
        with _deaf_to_interrupts():
            status = process.wait()
    finally:
        end(process)
    return status if status >= 0 else 128 - status


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        # Ended by another signal, we stay deaf: everything is being stopped already.
        if signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, before)
