"""One client after the other, for `benchmarks.one_client`: python -m benchmarks._one_client_road CLIENTS.

Prints as JSON, for each kind of vector, its features and the milliseconds each client took, and how many queries.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402  after Django is set up
from django.test.utils import CaptureQueriesContext  # noqa: E402

from applications import sources  # noqa: E402
from applications.models import Application  # noqa: E402
from modelling import registry  # noqa: E402
from modelling.features.build import build_features  # noqa: E402
from modelling.features.tables import Tables  # noqa: E402

WARM_UP = 20
Build = Callable[[Tables], Sequence[object]]


def main(clients: int) -> None:
    """Take every so-manieth application, some unmeasured first."""
    numbers = list(Application.objects.order_by("pk").values_list("pk", flat=True))
    chosen = numbers[:: max(1, len(numbers) // clients)][:clients]
    builds: dict[str, Build] = {"all that need no lesson": _every_feature, "the champion's": _champion()}
    vectors = {name: _measured(build, chosen) for name, build in builds.items()}
    queries = sorted({count for build in builds.values() for count in _queries(build, chosen[:WARM_UP])})
    json.dump({"vectors": vectors, "queries": queries}, sys.stdout)


def _every_feature(tables: Tables) -> Sequence[object]:
    return build_features(tables).row(0)[1:]


def _champion() -> Build:
    bundle = registry.fit_bundle_of(registry.champion())
    return lambda tables: bundle.encoding.encode(bundle.lessons.build(tables, bundle.features))[0].tolist()


def _measured(build: Build, chosen: Sequence[int]) -> dict[str, Any]:
    for number in chosen[:WARM_UP]:
        _once(build, number)
    times = [_once(build, number) for number in chosen]
    read, made = ([1000 * one for one in stage] for stage in zip(*times, strict=True))
    whole = [sum(both) for both in zip(read, made, strict=True)]
    features = len(build(sources.tables_of(chosen[:1])))
    return {"read": read, "build": made, "whole": whole, "features": features}


def _once(build: Build, number: int) -> tuple[float, float]:
    """Return the seconds that reading one client's rows took, and making a feature vector of them."""
    began = time.perf_counter()
    tables = sources.tables_of([number])
    read = time.perf_counter()
    build(tables)
    return read - began, time.perf_counter() - read


def _queries(build: Build, numbers: Sequence[int]) -> Iterator[int]:
    for number in numbers:
        with CaptureQueriesContext(connection) as queries:
            _once(build, number)
        yield len(queries)


if __name__ == "__main__":
    main(int(sys.argv[1]))
