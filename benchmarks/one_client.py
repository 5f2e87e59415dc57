"""How long one client takes from rows to features: python3 start.py bench one_client [--clients N].

From the rows in PostgreSQL to the feature vector, by the product's own road, one client after the other, in one process
that has worked before and is started as the worker of single assessments is: once all features that need no lesson,
once those of the champion with their lessons, as an assessment takes them. The first run makes a database of demo
clients with a champion and keeps it.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import replace

from benchmarks._bench_site import open_site
from scoring_site import processes

DEFAULT_CLIENTS = 20_000
DEFAULT_MEASURED = 500
ALLOWED_MILLISECONDS = 40
_STAGES = (("read", "reading the rows"), ("build", "building"), ("whole", "rows to feature vector"))


def main() -> None:
    """Measure and print."""
    options = _options()
    site = open_site(options.clients)
    worker = replace(site, environment={**site.environment, **processes.interactive().environment})
    found = json.loads(worker.python("_one_client_road", str(options.measured)))
    queries = " or ".join(map(str, found["queries"]))
    print(f"{options.measured} of {options.clients:,} clients one by one, {queries} queries each")
    for name, times in found["vectors"].items():
        print(f"{name}, {times['features']} features")
        for stage, label in _STAGES:
            p50, p99 = _percentile(times[stage], 50), _percentile(times[stage], 99)
            print(f"  {label:<24} p50 {p50:5.1f} ms, p99 {p99:5.1f} ms")
        ratio = ALLOWED_MILLISECONDS / p99
        print(f"  ratio {ratio:.2f} ({ALLOWED_MILLISECONDS} ms allowed / p99 of one client)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 start.py bench one_client", description=__doc__)
    parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS, help="demo clients (%(default)s)")
    parser.add_argument("--measured", type=int, default=DEFAULT_MEASURED, help="of them measured (%(default)s)")
    return parser.parse_args()


def _percentile(milliseconds: Sequence[float], share: int) -> float:
    return statistics.quantiles(milliseconds, n=100)[share - 1]


if __name__ == "__main__":
    main()
