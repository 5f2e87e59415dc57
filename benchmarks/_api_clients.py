"""Programs that call the API at once, for `benchmarks.api`: python -m benchmarks._api_clients ADDRESS CALLERS SECONDS.

A key and the calls that each draws from come on stdin; prints as JSON the milliseconds of each call, and how many
seconds all of them took.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks._api_calls import Call, Caller

LEAST_CALLS = 3


def main(address: str, callers: int, seconds: float) -> None:
    """Call and print."""
    given = json.load(sys.stdin)
    calls = [Call(*each) for each in given["calls"]]
    began = time.monotonic()
    with ThreadPoolExecutor(callers) as pool:
        at_work = [
            pool.submit(_call_until, began + seconds, Caller(address, given["key"]), calls, seed)
            for seed in range(callers)
        ]
        taken = [one for each in at_work for one in each.result()]
    json.dump({"taken": taken, "seconds": time.monotonic() - began}, sys.stdout)


def _call_until(end: float, caller: Caller, calls: Sequence[Call], seed: int) -> list[float]:
    """Call until the time is over, and a few times at least; returns the milliseconds of each."""
    draw, taken = random.Random(seed), list[float]()  # noqa: S311  no secret
    while time.monotonic() < end or len(taken) < LEAST_CALLS:
        taken.append(1000 * caller.ask(draw.choice(calls)).seconds)
    return taken


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
