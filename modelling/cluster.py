"""A Dask cluster by the address of its scheduler. Its workers run what they are sent: only ever name one you trust."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from modelling.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client

ANSWER_WITHIN_SECONDS = 30


@contextmanager
def connected(address: str, *, workers: int = 1) -> Iterator[Client]:
    """Give a client of the Dask scheduler at this address, once it has so many workers; they need this same code.

    Raises ClusterError when nothing answers there, or too few workers come.
    """
    import distributed  # noqa: PLC0415  half a second, for those alone who have a cluster

    try:
        client = distributed.Client(address, timeout=ANSWER_WITHIN_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"No Dask scheduler answers at {address!r} ({error}); start one first.") from error
    with client:
        try:
            client.wait_for_workers(workers, timeout=ANSWER_WITHIN_SECONDS)
        except TimeoutError:
            there = len(client.scheduler_info()["workers"]) or "no"
            raise ClusterError(
                f"The Dask scheduler at {address!r} has {there} worker{'s' if there != 1 else ''} where {workers} "
                "should be; start some first."
            ) from None
        yield client
