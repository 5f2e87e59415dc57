"""Advisors at work, for `benchmarks.online`: python -m benchmarks._online_advisors ADDRESS ADVISORS SECONDS THINK.

Each submits an application over the API, waits until its assessment with its explanation is stored, reads it, thinks,
and goes on. What to send comes on stdin, from `_bench_material`. Prints what was measured as JSON, and how it goes to
stderr.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg2

from benchmarks._api_calls import Call, Caller
from scoring_site.children import say

LOOK_EVERY_SECONDS = 0.01
TELL_EVERY_SECONDS = 5.0
PATIENCE_SECONDS = 60.0


@dataclass
class Measured:
    """What a round measured, in seconds. began, ended: by the clock. silent: applications nobody assessed in time."""

    began: float
    ended: float = 0.0
    waited: list[float] = field(default_factory=list)
    submitted: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)


class Office:
    """So many advisors, each a thread with a connection of its own to the site."""

    def __init__(self, address: str, material: Mapping[str, Any], seconds: float, think_seconds: float) -> None:
        self._address, self._key = address, material["key"]
        self._submissions = material["submissions"]
        self._end, self._think_seconds = time.monotonic() + seconds, think_seconds
        self._awaited: dict[int, threading.Event] = {}
        self.measured = Measured(time.time())

    def work(self, advisors: int) -> Measured:
        """Let them work until the time is over and the last one has his answer."""
        with ThreadPoolExecutor(advisors) as pool:
            at_work = [pool.submit(self._advise, seed) for seed in range(advisors)]
            self._watch(at_work)
            for each in at_work:
                each.result()
        self.measured.ended = time.time()
        return self.measured

    def _advise(self, seed: int) -> None:
        draw, caller = random.Random(seed), Caller(self._address, self._key)  # noqa: S311  no secret
        time.sleep(draw.uniform(0, self._think_seconds))
        while time.monotonic() < self._end and not self.measured.silent:
            self._one(caller, draw.choice(self._submissions))
            time.sleep(self._thought(draw))

    def _thought(self, draw: random.Random) -> float:
        """Return for how many seconds to think, until the round's end at most: nobody would use what comes after."""
        thought = draw.expovariate(1 / self._think_seconds) if self._think_seconds else 0
        return max(0, min(thought, self._end - time.monotonic()))

    def _one(self, caller: Caller, submission: object) -> None:
        began = time.perf_counter()
        answer = caller.ask(Call("POST", "applications", submission))
        number, is_stored = answer.body["number"], threading.Event()
        self._awaited[number] = is_stored
        if not is_stored.wait(PATIENCE_SECONDS):
            self.measured.silent.append(number)
            return
        self.measured.waited.append(time.perf_counter() - began)
        self.measured.submitted.append(answer.seconds)
        self.measured.read.append(caller.ask(Call("GET", f"applications/{number}/explanation")).seconds)

    def _watch(self, at_work: list[Future[None]]) -> None:
        """Look in the database for all at once: fifty who ask the site again and again would be a load of it."""
        told = time.monotonic()
        with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            while not all(each.done() for each in at_work):
                if awaited := list(self._awaited):
                    cursor.execute("SELECT application_id FROM assessment WHERE application_id = ANY(%s)", (awaited,))
                    for (number,) in cursor.fetchall():
                        self._awaited.pop(number).set()
                if time.monotonic() - told > TELL_EVERY_SECONDS:
                    told = time.monotonic()
                    say(f"  {len(self.measured.waited)} applications are assessed, {len(awaited)} wait")
                time.sleep(LOOK_EVERY_SECONDS)


def main(address: str, advisors: int, seconds: float, think_seconds: float) -> None:
    """Let them work and print what they measured."""
    measured = Office(address, json.load(sys.stdin), seconds, think_seconds).work(advisors)
    if measured.silent:
        raise SystemExit(
            f"{len(measured.silent)} applications had no assessment after {PATIENCE_SECONDS:.0f} s, the first is "
            f"{measured.silent[0]}: see worker-interactive.log in the benchmark's folder."
        )
    json.dump(asdict(measured), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
