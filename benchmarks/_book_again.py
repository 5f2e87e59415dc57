"""Keep the book under assessment, for `benchmarks.online`: python -m benchmarks._book_again, until stdin is closed.

Prints a line once the first chunk is in hand. As soon as a run is at its end the policy comes in force anew, so that
every application is to be assessed again, and the next run begins; the last one is waited for.
"""

from __future__ import annotations

import select
import sys
import time

import django

django.setup()

from django.db import transaction  # noqa: E402  after Django is set up

from applications.models import AssessmentRun, ChunkState  # noqa: E402
from applications.selectors.book import open_run  # noqa: E402
from applications.services import runs  # noqa: E402
from applications.tasks import enqueue_run  # noqa: E402
from benchmarks._assess_facts import change_policy  # noqa: E402

LOOK_EVERY_SECONDS = 0.1
START_SECONDS = 120.0


def main() -> None:
    """Go on until stdin is closed."""
    first = _begin()
    _wait_for_work(first)
    print("at work", flush=True)
    while not select.select([sys.stdin], [], [], LOOK_EVERY_SECONDS)[0]:
        if open_run() is None:
            _begin()
    while open_run() is not None:
        time.sleep(LOOK_EVERY_SECONDS)


@transaction.atomic
def _begin() -> AssessmentRun:
    change_policy()
    run = runs.start_run("", actor=None)
    assert run is not None, "a policy that came in force anew leaves nothing up to date"  # noqa: S101
    enqueue_run(run.pk)
    return run


def _wait_for_work(run: AssessmentRun) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not run.chunks.exclude(state=ChunkState.WAITING).exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"No worker took a part of the book within {START_SECONDS:.0f} s: see worker-book.log.")
        time.sleep(LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    main()
