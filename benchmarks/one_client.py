"""How long one client takes from rows to features: python3 start.py bench one_client [--clients N].

From the rows in PostgreSQL to the feature vector, by the product's own road, one client after the other, in one process
that has worked before. The first run makes a database of demo clients and keeps it.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence

from benchmarks._bench_site import open_rows

DEFAULT_CLIENTS = 20_000
DEFAULT_MEASURED = 500
ALLOWED_MILLISECONDS = 40


def main() -> None:
    """Measure and print."""
    options = _options()
    site = open_rows(options.clients)
    found = json.loads(site.python("_one_client_road", str(options.measured)))
    print(f"{len(found['whole'])} of {options.clients:,} clients one by one, {found['features']} features")
    for stage, label in (("read", "reading the rows"), ("build", "building"), ("whole", "rows to feature vector")):
        print(f"  {label:<24} p50 {_percentile(found[stage], 50):5.1f} ms, p99 {_percentile(found[stage], 99):5.1f} ms")
    print(f"  queries a client         {' or '.join(map(str, found['queries']))}")
    ratio = ALLOWED_MILLISECONDS / _percentile(found["whole"], 99)
    print(f"ratio {ratio:.2f} ({ALLOWED_MILLISECONDS} ms allowed / p99 of one client)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 start.py bench one_client", description=__doc__)
    parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS, help="demo clients (%(default)s)")
    parser.add_argument("--measured", type=int, default=DEFAULT_MEASURED, help="of them measured (%(default)s)")
    return parser.parse_args()


def _percentile(milliseconds: Sequence[float], share: int) -> float:
    return statistics.quantiles(milliseconds, n=100)[share - 1]


if __name__ == "__main__":
    main()
