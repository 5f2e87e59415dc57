"""Where parts are built: in threads of this process, or by the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

from modelling.cluster import connected

# Memory grows with the ranges in hand.
THREADS = 2


@contextmanager
def threads(count: int = THREADS) -> Iterator[Executor]:
    """Give threads of this process; what they have not begun when an error leaves this block is not begun."""
    executor = ThreadPoolExecutor(count)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


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
