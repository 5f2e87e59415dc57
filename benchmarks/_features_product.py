"""The product's side of `benchmarks.features`: python -m benchmarks._features_product whole|building FOLDER.

Works as `build_features` does, on ranges of clients in two threads, but for writing the features down: the oracle
writes none either. The names of the features to build come as JSON on standard input; none are all.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import polars as pl

from benchmarks._side_by_side import Stage, tell
from modelling.feature_store.building import CLIENTS_AT_ONCE
from modelling.feature_store.clients import read_client_lines
from modelling.feature_store.pool import THREADS, threads
from modelling.feature_store.ranges import client_ranges
from modelling.features import kernel  # noqa: F401  modules are imported before the clock starts, as pandas is
from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE

_Work = TypeVar("_Work")


def main(measure: str, folder: Path, names: list[str]) -> None:
    """Build the features of all clients, range after range, and tell what it took."""
    features = names or [name for name, feature in CATALOGUE.items() if feature.lesson is None]
    stage = Stage()
    if measure == "whole":
        with stage.timed():
            ranges = client_ranges(read_client_lines(folder), CLIENTS_AT_ONCE)
            clients = _build(lambda clients: build_features(clients.tables(folder), features), ranges)
        tell(clients, features, whole=stage)
        return
    tables = [clients.tables(folder) for clients in client_ranges(read_client_lines(folder), CLIENTS_AT_ONCE)]
    with stage.timed():
        clients = _build(lambda some: build_features(some, features), tables)
    tell(clients, features, building=stage)


def _build(build: Callable[[_Work], pl.DataFrame], parts: Iterable[_Work]) -> int:
    return sum(frame.height for frame in _in_threads(build, parts))


def _in_threads(build: Callable[[_Work], pl.DataFrame], parts: Iterable[_Work]) -> Iterator[pl.DataFrame]:
    """Give the features of each part; no more parts than threads are in hand, so that memory stays bounded."""
    with threads() as pool:
        in_hand: deque[Future[pl.DataFrame]] = deque()
        for part in parts:
            in_hand.append(pool.submit(build, part))
            if len(in_hand) > THREADS:
                yield in_hand.popleft().result()
        while in_hand:
            yield in_hand.popleft().result()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), json.load(sys.stdin))
