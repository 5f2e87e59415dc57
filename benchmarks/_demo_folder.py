"""Folders of demo clients, kept for the next run until the code that makes them changes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return where benchmarks keep what they make."""
    state = os.environ.get("STATE_DIR")
    return Path(state) / "benchmarks" if state else Path(tempfile.gettempdir()) / f"benchmarks-{os.getuid()}"


def demo_files(clients: int) -> Path:
    """Return a folder with the CSV files of so many demo clients, as they are published."""
    return _made("_demo_files", clients)


def demo_tables(clients: int) -> Path:
    """Return a folder with the Parquet tables of so many demo clients, as a snapshot has them."""
    return _made("_demo_tables", clients)


def _made(module: str, clients: int) -> Path:
    folder = home() / f"{module.strip('_')}-{clients}-{_digest(module)}"
    if not folder.exists():
        home().mkdir(parents=True, exist_ok=True)
        print(f"making {clients} demo clients in {folder}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{module}", str(folder), str(clients)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)  # noqa: S603  our own modules
        if done.returncode:
            raise SystemExit(f"benchmarks.{module} ended with status {done.returncode}: what it said stands above.")
    return folder


def _digest(module: str) -> str:
    made_by = [*(ROOT / "modelling" / "demo_data").iterdir(), ROOT / "benchmarks" / f"{module}.py"]
    text = b"".join(path.read_bytes() for path in sorted(made_by) if path.is_file())
    return hashlib.sha256(text).hexdigest()[:12]
