"""Assess a whole book beside LightGBM alone: python3 start.py bench assess [--clients N].

A worker of the book, as many tasks at once as there are processors, reads the clients' tables, builds features,
predicts, explains and stores with the audit log. LightGBM alone predicts and explains (pred_contrib) the same matrix on
all processors, before and after. The first run makes a database of demo clients with a champion and keeps it.
"""

from __future__ import annotations

import argparse
import json
import threading
import time

import psutil

from benchmarks._bench_site import BenchSite, open_site
from scoring_site import processes

DEFAULT_CLIENTS = 20_000
BASELINE_ROWS = 20_000
WARM = "id=1-100100"


def main() -> None:
    """Run both and print them."""
    parser = argparse.ArgumentParser(prog="python3 start.py bench assess", description=__doc__)
    parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS, help="demo clients (%(default)s)")
    site = open_site(parser.parse_args().clients)
    site.python("_assess_facts", "again")
    with site.running(processes.book()) as worker:
        _assess(site, WARM)  # the worker reads its libraries and the bundle
        before = json.loads(site.python("_assess_facts", "facts"))
        baselines = [_baseline(site)]
        with _Memory(worker.pid) as memory:
            _assess(site, "")
    after = json.loads(site.python("_assess_facts", "facts"))
    baselines.append(_baseline(site))
    _print(after, after["stored"] - before["stored"], baselines, memory.peak_megabytes)


def _assess(site: BenchSite, where: str) -> None:
    site.manage("assess_all", "--wait", "--where", where)


def _baseline(site: BenchSite) -> dict[str, float]:
    found: dict[str, float] = json.loads(site.python("_assess_baseline", str(BASELINE_ROWS)))
    return found


def _print(run: dict[str, float], stored: float, baselines: list[dict[str, float]], peak_megabytes: float) -> None:
    ours = run["assessed"] / run["seconds"]
    theirs = sum(one["rows"] for one in baselines) / sum(one["seconds"] for one in baselines)
    one = baselines[0]
    print(f"{run['assessed']:,.0f} clients; {one['trees']:.0f} trees, {one['features']:.0f} features")
    print(f"  whole book, read to stored      {ours:10,.0f} clients a second, {run['seconds']:.1f} s in all")
    print(f"  LightGBM predict + pred_contrib {theirs:10,.0f} rows a second")
    print(f"  most memory of the workers      {peak_megabytes:10,.0f} MB")
    print(f"  stored                          {stored / run['assessed']:10,.0f} bytes a client, audit included")
    print(f"ratio {ours / theirs:.2f} (speed of the whole book / speed of LightGBM alone)")


class _Memory:
    """Watches what a process and its children hold, pages they share counted once (PSS)."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak_megabytes = 0.0

    def __enter__(self) -> _Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.is_set():
            family = [self._process, *self._process.children(recursive=True)]
            held = sum(_pss(one) for one in family)
            self.peak_megabytes = max(self.peak_megabytes, held / 1e6)
            time.sleep(0.5)


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:  # it has just ended
        return 0


if __name__ == "__main__":
    main()
