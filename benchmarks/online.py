"""How long advisors wait for one assessment: python3 start.py bench online [--advisors 50] [--clients N].

So many advisors submit applications over the API, wait until the explanation is stored, read it and think a while;
alone, and while the whole book is assessed all the time, by turns, so that a machine which is slower for a while is so
for both. All share this machine, the advisors too.
The first run makes a database of demo clients with a champion and keeps it.
"""

from __future__ import annotations

import argparse
import json
import select
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from benchmarks._bench_site import BenchSite, cpu_seconds, open_site
from benchmarks._demo_folder import ROOT
from scoring_site import processes
from scoring_site.children import say

DEFAULT_CLIENTS = 20_000
WARM_UP_SECONDS = 5.0
START_SECONDS = 150.0


@dataclass(frozen=True)
class Office:
    """The site at work: what advisors reach it by, and the processes that serve them."""

    site: BenchSite
    address: str
    material: str
    serving: tuple[psutil.Process, ...]


@dataclass
class Waits:
    """What the advisors of some rounds measured, in milliseconds.

    work: processor time of web and worker, for all of these applications. assessed: what was stored of the book
    meanwhile. in_hand: of what share of the time a part of the book was in hand, a share a round.
    """

    waited: list[float] = field(default_factory=list)
    submitted: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    work: float = 0.0
    assessed: int = 0
    in_hand: list[float] = field(default_factory=list)


def main() -> None:
    """Run the rounds and print them."""
    options = _options()
    site = open_site(options.clients)
    with (
        site.running(processes.interactive()) as worker,
        site.running(processes.book()),
        site.running_web() as (web, address),
    ):
        office = Office(site, address, site.python("_bench_material", "2000"), (web, worker))
        say("warming up")
        _round(office, options, WARM_UP_SECONDS, Waits())
        alone, beside = Waits(), Waits()
        for turn in range(options.turns):
            say(f"advisors alone, turn {turn + 1} of {options.turns}")
            _round(office, options, options.seconds, alone)
            with _book_under_assessment(site):
                say("advisors beside the book")
                _round(office, options, options.seconds, beside)
    _print("alone", alone)
    _print("while the book is assessed", beside)
    p50, p95 = (_percentile(beside.waited, share) / _percentile(alone.waited, share) for share in (50, 95))
    print(f"ratio {p95:.2f} (p95 of the wait while the book is assessed / alone; p50: {p50:.2f})")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 start.py bench online", description=__doc__)
    parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS, help="demo clients (%(default)s)")
    parser.add_argument("--advisors", type=int, default=50, help="at once (%(default)s)")
    parser.add_argument("--seconds", type=float, default=20.0, help="a round (%(default)s)")
    parser.add_argument("--turns", type=int, default=3, help="rounds of each kind (%(default)s)")
    parser.add_argument("--think", type=float, default=5.0, help="mean seconds between two submissions (%(default)s)")
    return parser.parse_args()


def _round(office: Office, options: argparse.Namespace, seconds: float, waits: Waits) -> None:
    """Let the advisors work, and add what they measured."""
    before = sum(map(cpu_seconds, office.serving))
    words = (office.address, str(options.advisors), str(seconds), str(options.think))
    found = json.loads(office.site.python("_online_advisors", *words, given=office.material))
    used = sum(map(cpu_seconds, office.serving)) - before
    if len(found["waited"]) < 2:
        raise SystemExit("Fewer than two applications were submitted: give more --advisors or --seconds.")
    book = json.loads(office.site.python("_assess_facts", "during", str(found["began"]), str(found["ended"])))
    for name in ("waited", "submitted", "read"):
        getattr(waits, name).extend(1000 * one for one in found[name])
    waits.work += 1000 * used
    waits.assessed += book["assessed"]
    waits.in_hand.append(book["share"])


@contextmanager
def _book_under_assessment(site: BenchSite) -> Iterator[None]:
    """Have the book assessed again and again for the length of the block, from the first chunk in hand on."""
    command, pipe = [sys.executable, "-m", "benchmarks._book_again"], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=site.environment, stdin=pipe, stdout=pipe) as book:  # noqa: S603
        assert book.stdout is not None  # noqa: S101  it is a pipe
        if not select.select([book.stdout], [], [], START_SECONDS)[0] or not book.stdout.readline():
            book.terminate()
            raise SystemExit("The book is not under assessment: what was said of it stands above.")
        yield
        book.communicate()  # closes its stdin


def _print(name: str, waits: Waits) -> None:
    print(f"{name}: {len(waits.waited)} applications")
    for label, times in (("submitted to stored explanation", waits.waited), ("  of which submitting", waits.submitted)):
        print(f"  {label:34}{_percentiles(times)}")
    print(f"  {'reading the explanation':34}{_percentiles(waits.read)}")
    work = waits.work / len(waits.waited)
    print(f"  {'work of web and worker':34}{work:.1f} ms of processor time an application")
    if waits.assessed:
        print(
            f"  {'the book meanwhile':34}{waits.assessed:,} assessments, a part of it in hand "
            f"{statistics.mean(waits.in_hand):.0%} of the time"
        )


def _percentiles(times: list[float]) -> str:
    return ", ".join(f"p{share} {_percentile(times, share):,.0f} ms" for share in (50, 95, 99))


def _percentile(times: list[float], share: int) -> float:
    return statistics.quantiles(times, n=100)[share - 1]


if __name__ == "__main__":
    main()
