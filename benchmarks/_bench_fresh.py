"""Bring a bench site to where a benchmark begins: python -m benchmarks._bench_fresh, in its environment.

Its tables are brought up to date, and what an interrupted benchmark left is forgotten: messages, requests, and an open
run, which the next one would join and wait for, as the worker that held a part of it is dead and no beat gives it back.
"""

from __future__ import annotations

import django
import redis
from django.conf import settings
from django.core.management import call_command

django.setup()

from applications.models import AssessmentRequest  # noqa: E402  after Django is set up
from applications.selectors.book import open_run  # noqa: E402
from applications.services import runs  # noqa: E402


def main() -> None:
    """Forget."""
    call_command("migrate", "--noinput", verbosity=0)
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
    AssessmentRequest.objects.all().delete()
    if (run := open_run()) is not None:
        runs.cancel(run, actor=None)


if __name__ == "__main__":
    main()
