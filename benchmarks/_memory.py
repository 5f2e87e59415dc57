"""The most memory that groups of processes held at one time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping

import psutil

LOOK_EVERY_SECONDS = 0.5
Group = Callable[[], Iterable[psutil.Process]]


def family_of(process: psutil.Process) -> Group:
    """Give the group of a process and whatever it has started."""
    return lambda: [process, *process.children(recursive=True)]


class Memory:
    """Watches groups by name for the length of a block, and all of them together under "together".

    Pages that several processes share are counted once (PSS).
    """

    def __init__(self, groups: Mapping[str, Group]) -> None:
        self._groups = groups
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak_megabytes = dict.fromkeys([*groups, "together"], 0.0)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(LOOK_EVERY_SECONDS):
            held = {name: sum(map(_pss, group())) / 1e6 for name, group in self._groups.items()}
            held["together"] = sum(held.values())
            self.peak_megabytes = {name: max(peak, held[name]) for name, peak in self.peak_megabytes.items()}


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:  # it has just ended
        return 0
