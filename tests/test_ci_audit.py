"""The audit of the libraries fails CI for what it finds, and for nothing else."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WEAK = {"name": "django", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}


def audited(folder: Path, *, written: str, said: str, status: int) -> subprocess.CompletedProcess[str]:
    """Run the audit with a pip-audit that writes, says and ends so."""
    uv = folder / "uv"
    uv.write_text(
        '#!/bin/sh\nwhile [ "$1" != --output ]; do shift; done\n'
        f"printf '%s' '{written}' > \"$2\"\necho '{said}' >&2\nexit {status}\n"
    )
    uv.chmod(0o755)
    path = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [ROOT / ".ci" / "audit"], env={**os.environ, **path}, capture_output=True, text=True, check=False
    )


def test_a_known_weakness_fails_and_is_named_with_its_cure(tmp_path: Path) -> None:
    done = audited(tmp_path, written=json.dumps({"dependencies": [WEAK]}), said="Found 1", status=1)

    assert done.returncode == 1
    assert "django 1.0: PYSEC-1, fixed in ['1.1']" in done.stdout


@pytest.mark.parametrize("status", [1, 2])
def test_a_list_that_cannot_be_had_is_told_in_one_line_and_fails_nothing(tmp_path: Path, status: int) -> None:
    done = audited(tmp_path, written="", said="no route to host", status=status)

    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "audit: the list of known weaknesses could not be had, so nothing was compared: no route to host"
    ]


def test_nothing_found_is_said(tmp_path: Path) -> None:
    done = audited(tmp_path, written=json.dumps({"dependencies": []}), said="", status=0)

    assert (done.returncode, done.stdout.startswith("audit: no known weakness")) == (0, True)
