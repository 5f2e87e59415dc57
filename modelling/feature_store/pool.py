"""Where parts are built: in threads of this process, or by the workers of a Dask cluster."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

from modelling.cluster import connected

# Memory grows with the ranges in hand.
THREADS = 2
# The names of malloc.h, and what they are set to while a build lasts and after it, which is what they are at first.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT_BYTES, _USUAL_BYTES = 2**30, 2**17


@contextmanager
def threads(count: int = THREADS) -> Iterator[Executor]:
    """Give threads of this process; what they have not begun when an error leaves this block is not begun."""
    executor = ThreadPoolExecutor(count)
    with _freed_memory_kept():
        try:
            yield executor
        finally:
            executor.shutdown(cancel_futures=True)


@contextmanager
def _freed_memory_kept() -> Iterator[None]:
    """Have the C library keep what a range frees for the next one, where it knows how to (glibc does), to the end.

    Given back to the system, every page is cleared anew: a fifth of the time of a build. Kept for good, a training
    that builds its features would hold gigabytes it no longer uses.
    """
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        yield
        return
    for option in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
        library.mallopt(option, _KEPT_BYTES)
    try:
        yield
    finally:
        for option in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            library.mallopt(option, _USUAL_BYTES)
        library.malloc_trim(0)


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give the workers of the Dask scheduler at this address; they need this code, and the folder under its name.

    Raises ClusterError when nothing answers there, or no worker comes.
    """
    with connected(address) as client:
        executor = client.get_executor(pure=False)
        try:
            yield cast("Executor", executor)
        finally:
            executor.shutdown(wait=False)
