"""LightGBM alone, for `benchmarks.assess` and `api`: predict and pred_contrib on the matrix that a run stored.

python -m benchmarks._assess_baseline ROWS [THREADS], in the environment of the bench site; all processors unless told.
Prints what it took as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time

import django
import numpy as np

django.setup()

from applications.models import Assessment  # noqa: E402  after Django is set up
from applications.models.assessment import unpack  # noqa: E402
from modelling import registry  # noqa: E402


def main() -> None:
    """Time both predictions together."""
    stored = Assessment.objects.order_by("-pk").values_list("values", flat=True)[: int(sys.argv[1])]
    matrix = np.stack([unpack(values) for values in stored])
    booster = registry.bundle_of(registry.champion()).booster
    threads = int(sys.argv[2]) if sys.argv[2:] else len(os.sched_getaffinity(0))
    began, cpu = time.perf_counter(), time.process_time()
    booster.predict(matrix, raw_score=True, num_threads=threads)
    booster.predict(matrix, pred_contrib=True, num_threads=threads)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    facts = {"rows": len(matrix), "seconds": seconds, "cpu_seconds": cpu_seconds}
    json.dump({**facts, "trees": booster.num_trees(), "features": matrix.shape[1]}, sys.stdout)


if __name__ == "__main__":
    main()
