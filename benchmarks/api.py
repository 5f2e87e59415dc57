"""How fast the API answers: python3 start.py bench api [--callers 8] [--clients N] [--seconds 5].

So many programs call at once, each over a connection it keeps, with a real key, the web server that a start runs; one
kind of call after the other. Callers, server and database share this machine. The floor is what LightGBM takes alone to
predict and explain as many rows, in one thread. The first run makes a database of demo clients with a champion.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psutil

from benchmarks._bench_site import BenchSite, cpu_seconds, open_site
from scoring_site import processes
from scoring_site.children import say

DEFAULT_CLIENTS = 20_000
BATCH = 1_000
ONE = {
    "read an application": "applications/{}",
    "read an assessment": "applications/{}/assessment",
    "read an explanation": "applications/{}/explanation",
}


@dataclass(frozen=True)
class Asked:
    """What one kind of call took: milliseconds of each, calls a second, and processor milliseconds of the server."""

    taken: list[float]
    a_second: float
    work: float

    def percentile(self, share: int) -> float:
        """Give the milliseconds that so many percent stay below."""
        return statistics.quantiles(self.taken, n=100)[share - 1]


def main() -> None:
    """Ask every kind and print the table."""
    options = _options()
    site = open_site(options.clients)
    _see_to_assessments(site)
    material = json.loads(site.python("_bench_material", str(2 * BATCH)))
    with site.running_web() as (web, address):
        asked = {name: _asked(site, web, address, options, each) for name, each in _kinds(material)}
    floor = json.loads(site.python("_assess_baseline", str(BATCH), "1"))
    _print(asked, 1000 * floor["cpu_seconds"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 start.py bench api", description=__doc__)
    parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS, help="demo clients (%(default)s)")
    parser.add_argument("--callers", type=int, default=8, help="at once (%(default)s)")
    parser.add_argument("--seconds", type=float, default=5.0, help="a kind of call (%(default)s)")
    return parser.parse_args()


def _see_to_assessments(site: BenchSite) -> None:
    """See to it that every application can be explained."""
    say("whatever has no assessment gets one")
    with site.running(processes.book()):
        site.manage("assess_all", "--wait")


def _kinds(material: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give by name what each kind of call draws from, as `_api_clients` reads it."""
    numbers, facts = material["applications"], [each["facts"] for each in material["submissions"]]
    kinds: dict[str, list[tuple[str, str, object]]] = {
        **{name: [("GET", path.format(number), None) for number in numbers] for name, path in ONE.items()},
        "list, first page": [("GET", "applications", None)],
        "list, of a recommendation": [("GET", "applications?recommendation=refuse", None)],
        "predict a known application": [("POST", "predictions", {"application": number}) for number in numbers],
        "predict from facts": [("POST", "predictions", {"facts": each}) for each in facts],
        f"predict {BATCH:,} known": [_batch([{"application": number} for number in numbers])],
        f"predict {BATCH:,} from facts": [_batch([{"facts": each} for each in facts])],
        "submit": [("POST", "applications", each) for each in material["submissions"]],
    }
    for name, calls in kinds.items():
        yield name, {"key": material["key"], "calls": calls}


def _batch(items: list[dict[str, Any]]) -> tuple[str, str, object]:
    return ("POST", "predictions/batch", {"items": (items * BATCH)[:BATCH]})


def _asked(
    site: BenchSite, web: psutil.Process, address: str, options: argparse.Namespace, kind: Mapping[str, Any]
) -> Asked:
    given = json.dumps(kind)
    site.python("_api_clients", address, str(options.callers), "0", given=given)  # every process has done it before
    before = cpu_seconds(web)
    found = json.loads(site.python("_api_clients", address, str(options.callers), str(options.seconds), given=given))
    work, calls = cpu_seconds(web) - before, len(found["taken"])
    return Asked(found["taken"], calls / found["seconds"], 1000 * work / calls)


def _print(asked: Mapping[str, Asked], floor: float) -> None:
    print(f"{'':32}{'p50':>8}{'p95':>8}{'p99':>8} ms{'work':>10} ms{'a second':>10}")
    for name, each in asked.items():
        times = "".join(f"{each.percentile(share):8,.0f}" for share in (50, 95, 99))
        print(f"{name:32}{times}   {each.work:10,.1f}   {each.a_second:10,.1f}")
    print(f"LightGBM alone, predict + pred_contrib of {BATCH:,}: {floor:,.0f} ms of one processor")
    whole = asked[f"predict {BATCH:,} known"].work
    print(f"ratio {floor / whole:.2f} (LightGBM alone / all the server's work, {BATCH:,} known applications)")


if __name__ == "__main__":
    main()
