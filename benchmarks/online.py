"""How long advisors wait for one assessment: python3 start.py bench online [--advisors 50] [--clients N].

So many advisors take applications in at once, wait until the explanation is stored and think a while; first alone, then
while the whole book is assessed. The first run makes a database of demo clients with a champion and keeps it.
"""

from __future__ import annotations

import argparse
import json
import statistics
from dataclasses import dataclass

import psutil

from benchmarks._bench_site import BenchSite, open_site
from scoring_site import processes

DEFAULT_CLIENTS = 20_000


@dataclass(frozen=True)
class Waits:
    """What the advisors of one round measured, in milliseconds. work: of the worker's processor, an application."""

    waited: list[float]
    submitted: list[float]
    work: float

    def percentile(self, share: int) -> float:
        """Give the wait that so many percent stay below."""
        return statistics.quantiles(self.waited, n=100)[share - 1]


def main() -> None:
    """Run both rounds and print them."""
    options = _options()
    site = open_site(options.clients)
    with site.running(processes.interactive()) as worker, site.running(processes.book()):
        _round(site, worker.pid, options, seconds=5)  # the worker reads its libraries and the bundle
        alone = _round(site, worker.pid, options, seconds=options.seconds)
        site.python("_assess_facts", "again")
        site.manage("assess_all")
        beside = _round(site, worker.pid, options, seconds=options.seconds)
        site.manage("assess_all", "--wait")
    _print("alone", alone)
    _print("while the book is assessed", beside)
    ratio = beside.percentile(50) / alone.percentile(50)
    print(f"ratio {1 / ratio:.2f} (median wait alone / median wait while the book is assessed)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 start.py bench online", description=__doc__)
    parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS, help="demo clients (%(default)s)")
    parser.add_argument("--advisors", type=int, default=50, help="at once (%(default)s)")
    parser.add_argument("--seconds", type=float, default=30.0, help="a round (%(default)s)")
    parser.add_argument("--think", type=float, default=5.0, help="mean seconds between two submissions (%(default)s)")
    return parser.parse_args()


def _round(site: BenchSite, worker: int, options: argparse.Namespace, *, seconds: float) -> Waits:
    before = _cpu_seconds(worker)
    words = (str(options.advisors), str(seconds), str(options.think))
    found = json.loads(site.python("_online_advisors", *words))
    used = _cpu_seconds(worker) - before
    in_milliseconds = {name: [1000 * one for one in found[name]] for name in ("waited", "submitted")}
    return Waits(**in_milliseconds, work=1000 * used / max(len(found["waited"]), 1))


def _cpu_seconds(pid: int) -> float:
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)


def _print(name: str, waits: Waits) -> None:
    p50, p95, p99 = (waits.percentile(share) for share in (50, 95, 99))
    print(f"{name}: {len(waits.waited)} applications")
    print(f"  submitted to stored explanation  p50 {p50:,.0f} ms, p95 {p95:,.0f} ms, p99 {p99:,.0f} ms")
    print(f"  submission alone                 p50 {statistics.median(waits.submitted):,.0f} ms")
    print(f"  work of the worker               {waits.work:,.1f} ms of processor time an application")


if __name__ == "__main__":
    main()
