"""What one side of a comparison measures of itself in a process of its own, told to the benchmark in a line of JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

Tables = TypeVar("Tables")
BYTES_A_MEGABYTE = 1e6
_MAXRSS_BYTES = 1024  # Linux counts ru_maxrss in kibibytes


@dataclass(frozen=True)
class Measured:
    """What building features took.

    reading_seconds: wall time from files to tables in memory; the other times count from there.
    peak_megabytes: the most memory the process ever held, reading included.
    tables: those the features were built from.
    """

    clients: int
    features: int
    tables: tuple[str, ...]
    reading_seconds: float
    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float

    @property
    def whole_seconds(self) -> float:
        """Give the wall time from files to features."""
        return self.reading_seconds + self.wall_seconds


def tell_measures(
    read: Callable[[], Tables], build: Callable[[Tables], tuple[int, int]], tables: Sequence[str]
) -> None:
    """Read, build and print what it took. `build` returns how many clients and how many features came out."""
    started = time.perf_counter()
    rows = read()
    read_at, cpu_at_reading = time.perf_counter(), time.process_time()
    clients, features = build(rows)
    measured = Measured(
        clients=clients,
        features=features,
        tables=tuple(tables),
        reading_seconds=read_at - started,
        wall_seconds=time.perf_counter() - read_at,
        cpu_seconds=time.process_time() - cpu_at_reading,
        peak_megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES / BYTES_A_MEGABYTE,
    )
    json.dump(asdict(measured), sys.stdout)
