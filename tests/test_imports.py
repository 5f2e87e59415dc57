from __future__ import annotations

import subprocess
import sys

import pytest

from scoring_site.environment import ROOT

FORBID = """
import polars
def refuse(*_, **__):
    raise AssertionError("computed while modules are imported")
polars.LazyFrame.collect = refuse
from scoring_site.celery import app
app.loader.import_default_modules()
"""


@pytest.mark.slow
def test_nothing_is_computed_while_the_workers_modules_are_imported() -> None:
    """Polars would start threads; pool processes are forked afterwards, do not have them, and would wait for ever."""
    done = subprocess.run([sys.executable, "-c", FORBID], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
