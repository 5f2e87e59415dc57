"""One client after the other, for `benchmarks.one_client`: python -m benchmarks._one_client_road CLIENTS.

Prints as JSON the milliseconds of each, and how many queries each took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import django

django.setup()

import polars as pl  # noqa: E402  after Django is set up
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from applications import sources  # noqa: E402
from applications.models import Application  # noqa: E402
from modelling.features.build import build_features  # noqa: E402

WARM_UP = 20


def main(clients: int) -> None:
    """Take every so-manieth application, some unmeasured first."""
    numbers = list(Application.objects.order_by("pk").values_list("pk", flat=True))
    chosen = numbers[:: max(1, len(numbers) // clients)][:clients]
    for number in chosen[:WARM_UP]:
        _once(number)
    times = [_once(number) for number in chosen]
    read, build = ([1000 * one for one in stage] for stage in zip(*times, strict=True))
    whole = [sum(both) for both in zip(read, build, strict=True)]
    features = build_features(sources.tables_of(chosen[:1])).width - 1
    queries = sorted(set(_queries(chosen[:WARM_UP])))
    json.dump({"read": read, "build": build, "whole": whole, "features": features, "queries": queries}, sys.stdout)


def _once(number: int) -> tuple[float, float]:
    """Return the seconds that reading one client's rows took, and making a feature vector of them."""
    began = time.perf_counter()
    tables = sources.tables_of([number])
    read = time.perf_counter()
    build_features(tables).select(pl.col(pl.Float32)).to_numpy()
    return read - began, time.perf_counter() - read


def _queries(numbers: list[int]) -> Iterator[int]:
    for number in numbers:
        with CaptureQueriesContext(connection) as queries:
            _once(number)
        yield len(queries)


if __name__ == "__main__":
    main(int(sys.argv[1]))
