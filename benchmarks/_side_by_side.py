"""What one side of a comparison measures of itself in a process of its own, told to the benchmark in a line of JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

BYTES_A_MEGABYTE = 1e6
_MAXRSS_BYTES = 1024  # Linux counts ru_maxrss in kibibytes


@dataclass
class Stage:
    """What a stage of the work took; CPU time is that of all threads."""

    wall_seconds: float = 0
    cpu_seconds: float = 0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count what is done in this block to the stage."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall_seconds += time.perf_counter() - wall
        self.cpu_seconds += time.process_time() - cpu


@dataclass
class Measured:
    """What one process measured.

    features: their names. whole: from the Parquet files to the features. building: from tables in memory to the
    features. peak_megabytes: the most memory the process ever held. A stage it did not do is left at 0.
    """

    clients: int
    features: Sequence[str]
    whole: Stage
    building: Stage
    peak_megabytes: float


def tell(clients: int, features: Sequence[str], *, whole: Stage | None = None, building: Stage | None = None) -> None:
    """Print what this process measured."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES / BYTES_A_MEGABYTE
    json.dump(asdict(Measured(clients, features, whole or Stage(), building or Stage(), peak)), sys.stdout)


def measured(told: str) -> Measured:
    """Read what a process printed."""
    facts = json.loads(told)
    return Measured(**{**facts, "whole": Stage(**facts["whole"]), "building": Stage(**facts["building"])})
