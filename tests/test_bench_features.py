"""The benchmark of features, over a handful of clients."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks._side_by_side import Measured, Stage
from benchmarks.features import _exponent

ROOT = Path(__file__).resolve().parent.parent


def run_of(clients: int, wall_seconds: float) -> Measured:
    return Measured(clients, ("age_years",), Stage(wall_seconds, 1), Stage(), peak_megabytes=1)


def test_time_that_doubles_with_the_clients_grows_by_the_power_of_one() -> None:
    assert _exponent([run_of(1000, 2), run_of(2000, 4), run_of(4000, 8)]) == pytest.approx(1)
    assert _exponent([run_of(1000, 2), run_of(2000, 8), run_of(4000, 32)]) == pytest.approx(2)


@pytest.mark.slow
def test_both_sides_are_measured_and_the_last_line_gives_their_ratios(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.features", "--clients", "40"]
    environment = {**os.environ, "STATE_DIR": str(tmp_path)}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    assert "peak memory" in done.stdout
    ratio = done.stdout.splitlines()[-1]
    told = (
        r"ratio \d+\.\d on words as files have them, \d+\.\d on ready categories "
        r"\(wall time, pandas oracle / product, from files to the \d+ features both build of 40 clients\)"
    )
    assert re.fullmatch(told, ratio)
