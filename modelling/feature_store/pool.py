"""Where parts are built: in threads of this process, or by the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

from modelling.errors import FeatureStoreError

# Memory grows with the ranges in hand.
THREADS = 2
ANSWER_WITHIN_SECONDS = 30


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

    Raises FeatureStoreError when nothing answers there, or no worker comes.
    """
    import distributed  # noqa: PLC0415  half a second, for those alone who have a cluster

    try:
        client = distributed.Client(address, timeout=ANSWER_WITHIN_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise FeatureStoreError(f"No Dask scheduler answers at {address!r} ({error}); start one first.") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=ANSWER_WITHIN_SECONDS)
        except TimeoutError:
            raise FeatureStoreError(f"The Dask scheduler at {address!r} has no worker; start some first.") from None
        executor = client.get_executor(pure=False)
        try:
            yield cast("Executor", executor)
        finally:
            executor.shutdown(wait=False)
