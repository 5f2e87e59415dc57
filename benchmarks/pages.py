"""How long the server takes for every page and chart: python3 start.py bench pages [--clients 5000,356255].

--pages tells which, by what their names begin with: --pages application "what if".

Each size has a database of demo clients of its own, all assessed, made by the first run and kept. Pages are asked one
after the other in one process, warm, each time about another application; sizes take turns, so that a machine that is
busier for a while is so for each of them. The last line says which are too slow: over their limit, or at the largest
size slower than at the smallest where size should not matter.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from collections.abc import Sequence

from benchmarks._bench_site import BenchSite, open_site
from benchmarks._pages_known import LARGEST_RATIO, PAGES, Page
from scoring_site import processes

ASSESSED = "assessed"
TURNS = 4  # of each size
Times = dict[str, list[float]]


def main() -> int:
    """Measure every size, print the table, and say what is too slow; returns 1 when something is."""
    options = _options()
    sizes = [int(size) for size in options.clients.split(",")]
    pages = [page for page in PAGES if page.name.startswith(tuple(options.pages))]
    sites = [_assessed(size) for size in sizes]
    times = math.ceil(options.times / TURNS)
    turns = [[_measured(site, times, turn, pages) for site in sites] for turn in range(TURNS)]
    measured = [_together(of_size) for of_size in zip(*turns, strict=True)]
    print(f"{'page':26}" + "".join(f"{size:>12,} p50 {'p95':>6}" for size in sizes) + f"{'limit':>8} ms")
    for page in pages:
        _print(page, measured)
    slow = [words for page in pages for words in _faults(page, measured)]
    print(
        f"{len(pages)} pages, {options.times // TURNS * TURNS} times each: "
        + ("; ".join(slow) if slow else "all within their limits")
    )
    return 1 if slow else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 start.py bench pages", description=__doc__)
    parser.add_argument("--clients", default="5000", help="sizes of the book, with commas between (%(default)s)")
    parser.add_argument("--times", type=int, default=100, help="how often each page is asked (%(default)s)")
    parser.add_argument("--pages", nargs="+", default=[""], help="only pages whose name begins so", metavar="NAME")
    return parser.parse_args()


def _assessed(size: int) -> BenchSite:
    """Give the site of a size, its whole book assessed."""
    site = open_site(size)
    if not (site.folder / ASSESSED).exists():
        with site.running(processes.book()):
            site.manage("assess_all", "--wait")
        (site.folder / ASSESSED).touch()
    return site


def _measured(site: BenchSite, times: int, turn: int, pages: Sequence[Page]) -> Times:
    found: Times = json.loads(site.python("_pages_asked", str(times), str(turn), *(page.name for page in pages)))
    return found


def _together(turns: Sequence[Times]) -> Times:
    return {name: [took for turn in turns for took in turn[name]] for name in turns[0]}


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _print(page: Page, measured: list[Times]) -> None:
    cells = "".join(f"{statistics.median(each[page.name]):16.1f} {_p95(each[page.name]):6.1f}" for each in measured)
    print(f"{page.name:26}{cells}{page.limit:8.0f}")


def _faults(page: Page, measured: list[Times]) -> list[str]:
    found = [_p95(each[page.name]) for each in measured]
    faults = [f"{page.name} takes {max(found):.0f} ms of {page.limit:.0f}"] if max(found) > page.limit else []
    if page.is_steady and found[-1] > LARGEST_RATIO * found[0]:
        faults.append(f"{page.name} takes {found[-1] / found[0]:.2f} times as long at the largest size")
    return faults


if __name__ == "__main__":
    sys.exit(main())
