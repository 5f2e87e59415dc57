"""Advisors at work, for `benchmarks.online`: python -m benchmarks._online_advisors ADVISORS SECONDS THINK_SECONDS.

Each takes an application in, waits until its assessment with its explanation is stored, thinks, and goes on. Prints as
JSON the seconds of each: from the submission to the stored explanation, and of the submission alone.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from itertools import count

import django

django.setup()

from django.db import connection, transaction  # noqa: E402  after Django is set up
from django.db.models import Max  # noqa: E402

from applications.models import Application, Assessment, User  # noqa: E402
from applications.services.intake import submit  # noqa: E402
from applications.tasks import enqueue  # noqa: E402

LOOK_EVERY_SECONDS = 0.02
PATIENCE_SECONDS = 60.0


class Advisors:
    """So many threads, each with its own connection, and what they measured."""

    def __init__(self, seconds: float, think_seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._think_seconds = think_seconds
        self._numbers = count(Application.objects.aggregate(last=Max("pk"))["last"] + 1)
        self._known = list(Application.objects.order_by("pk").values_list("pk", flat=True)[:5_000])
        self._actor = User.objects.filter(username="bench").first() or User.objects.create(
            username="bench", role="admin", is_superuser=True
        )
        self.waited: list[float] = []
        self.submitted: list[float] = []

    def work(self, seed: int) -> None:
        """Submit, wait and think until the time is over."""
        draw = random.Random(seed)  # noqa: S311  no secret
        time.sleep(draw.uniform(0, self._think_seconds))
        while time.monotonic() < self._end:
            self._one(draw)
            time.sleep(draw.expovariate(1 / self._think_seconds) if self._think_seconds else 0)
        connection.close()

    def _one(self, draw: random.Random) -> None:
        application = Application.objects.get(pk=draw.choice(self._known))
        application.pk, application.version = next(self._numbers), 1
        application.current_assessment, application.target = None, None
        began = time.perf_counter()
        with transaction.atomic():
            submit(application, actor=self._actor)
            enqueue([application.pk])
        self.submitted.append(time.perf_counter() - began)
        while not Assessment.objects.filter(application=application).exists():
            if time.perf_counter() - began > PATIENCE_SECONDS:
                raise SystemExit(f"application {application.pk} was not assessed in {PATIENCE_SECONDS:.0f} s")
            time.sleep(LOOK_EVERY_SECONDS)
        self.waited.append(time.perf_counter() - began)


def main() -> None:
    """Let them work and print what they measured."""
    advisors, seconds, think_seconds = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    office = Advisors(seconds, think_seconds)
    threads = [threading.Thread(target=office.work, args=(seed,)) for seed in range(advisors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump({"waited": office.waited, "submitted": office.submitted}, sys.stdout)


if __name__ == "__main__":
    main()
