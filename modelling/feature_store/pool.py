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
# The names of malloc.h, and what they are set to: 1 GiB.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _KEPT_BYTES = -1, -3, 2**30


@contextmanager
def threads(count: int = THREADS) -> Iterator[Executor]:
    """Give threads of this process; what they have not begun when an error leaves this block is not begun."""
    _keep_freed_memory()
    executor = ThreadPoolExecutor(count)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _keep_freed_memory() -> None:
    """Have the C library keep what a range frees for the next one, where it knows how to (glibc does).

    Given back to the system, every page is cleared anew: a fifth of the time of a build.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(_TRIM_THRESHOLD, _KEPT_BYTES)
        set_option(_MMAP_THRESHOLD, _KEPT_BYTES)


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
