"""Where the work on a few clients' rows is done: in a thread of Polars' own pool."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import polars as pl

FEW = 100

_Result = TypeVar("_Result")


def among_few(clients: int, work: Callable[[], _Result]) -> _Result:
    """Return what `work` returns, done in a thread of Polars' pool where it is for few clients; raises what it raises.

    From any other thread each step on a frame is handed over to the pool and waited for: dozens of times a client, and
    on a busy machine somebody else comes first each time. The steps of many clients are long, and may be interrupted
    between two of them.
    """
    if clients > FEW:
        return work()
    done: Future[_Result] = Future()

    def run(nothing: pl.Series) -> pl.Series:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001  raised again below, without the words Polars would add
            done.set_exception(error)
        return nothing

    # Two columns are computed in the pool; one alone would be here.
    pl.select(pl.lit(0).map_batches(run, return_dtype=pl.Int32).alias("work"), pl.lit(0).alias("another"))
    return done.result()
