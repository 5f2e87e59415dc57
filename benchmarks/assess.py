"""Assess a whole book beside LightGBM alone: python3 start.py bench assess [--clients N].

A worker of the book, as many tasks at once as there are processors, reads features, predicts, explains and stores with
the audit log: once after all facts have changed, so that features are built of the clients' tables, and once under a
new policy, so that they are those an earlier assessment stored. LightGBM alone predicts and explains (pred_contrib) the
same matrix on all processors, before and after. The first run makes a database of demo clients with a champion, in ten
minutes and 14 GB for the whole book, and keeps it.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks._bench_site import BenchSite, open_site
from benchmarks._memory import Group, Memory, family_of
from scoring_site import processes
from scoring_site.children import pids_working_in, say

DEFAULT_CLIENTS = 356_255
BASELINE_ROWS = 20_000
WARM = "id=1-100100"
# What makes a book out of date, as `_assess_facts` calls it, and what its assessment then begins with.
CHANGES = {"facts changed": "from the clients' tables", "policy": "from stored features"}


@dataclass(frozen=True)
class Run:
    """What a run over the book came to. seconds: from the order to its report; others as `_assess_facts` tells them."""

    seconds: float
    assessed: float
    seconds_at_work: float
    stored_bytes: float
    peak_megabytes: dict[str, float]


def main() -> None:
    """Run both and print them."""
    parser = argparse.ArgumentParser(prog="python3 start.py bench assess", description=__doc__)
    parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS, help="demo clients (%(default)s)")
    site = open_site(parser.parse_args().clients)
    with site.running(processes.book()) as worker:
        say("the worker reads its libraries and the bundle")
        site.python("_assess_facts", "policy")
        _assess(site, WARM)
        say("LightGBM alone")
        baselines = [_baseline(site)]
        runs = {change: _measured(site, worker, change) for change in CHANGES}
    say("LightGBM alone again")
    _print(runs, [*baselines, _baseline(site)])


def _assess(site: BenchSite, where: str) -> None:
    site.manage("assess_all", "--wait", "--where", where)


def _measured(site: BenchSite, worker: psutil.Process, change: str) -> Run:
    say(f"the whole book, {CHANGES[change]}")
    site.python("_assess_facts", change)
    before = json.loads(site.python("_assess_facts", "facts"))
    with Memory({"workers": family_of(worker), "PostgreSQL": _postgres()}) as memory:
        began = time.perf_counter()
        _assess(site, "")
        seconds = time.perf_counter() - began
    after = json.loads(site.python("_assess_facts", "facts"))
    stored = after["stored"] - before["stored"]
    return Run(seconds, after["assessed"], after["seconds"], stored, memory.peak_megabytes)


def _postgres() -> Group:
    """Give the processes of the private PostgreSQL, which stand in its data; none when it is somebody else's."""
    folder = Path(os.environ["STATE_DIR"]) / "postgres" / "data"
    return lambda: [psutil.Process(pid) for pid in pids_working_in(folder)] if folder.exists() else []


def _baseline(site: BenchSite) -> dict[str, float]:
    found: dict[str, float] = json.loads(site.python("_assess_baseline", str(BASELINE_ROWS)))
    return found


def _print(runs: dict[str, Run], baselines: list[dict[str, float]]) -> None:
    theirs = sum(one["rows"] for one in baselines) / sum(one["seconds"] for one in baselines)
    print(f"{baselines[0]['trees']:.0f} trees, {baselines[0]['features']:.0f} features")
    print(f"  LightGBM predict + pred_contrib {theirs:10,.0f} rows a second")
    for change, run in runs.items():
        ours = run.assessed / run.seconds_at_work
        print(f"whole book, {CHANGES[change]}: {run.assessed:,.0f} clients")
        print(f"  read to stored                  {ours:10,.0f} clients a second")
        print(f"  end to end, report included     {run.seconds:10,.1f} s")
        for name, megabytes in run.peak_megabytes.items():
            print(f"  most memory, {name:18} {megabytes:10,.0f} MB")
        print(f"  stored                          {run.stored_bytes / run.assessed:10,.0f} bytes a client, with audit")
        print(f"  ratio {ours / theirs:.2f} (speed of the whole book / speed of LightGBM alone)")


if __name__ == "__main__":
    main()
