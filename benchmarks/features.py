"""Time the product's features beside the same ones in plain pandas: python3 start.py bench features [--clients N].

Both sides read the same CSV tables of demo clients, each in a fresh process, one after the other. The pandas oracle
builds the public kernel's features of the tables that the product describes; the product builds all it knows of them.
The ratio and the growth are those of building features from tables in memory; reading them stands beside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Nothing heavy here: a child's peak memory would start from this process's.
from benchmarks._side_by_side import Measured

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CLIENTS = 5000
TIMES = (1, 2, 4)


@dataclass(frozen=True)
class Round:
    """Both sides over the same clients."""

    product: Measured
    oracle: Measured

    @property
    def ratio(self) -> float:
        """Give how many times longer the oracle took to build features from tables in memory."""
        return self.oracle.wall_seconds / self.product.wall_seconds


def main() -> None:
    """Run one round, or with --scale three, and print them."""
    options = _options()
    sizes = [options.clients * times for times in TIMES] if options.scale else [options.clients]
    rounds = [_round(size, options.repeat) for size in sizes]
    if options.scale:
        print(
            f"time grows as clients to the power of: product {_exponent([one.product for one in rounds]):.2f}, ", end=""
        )
        print(f"pandas oracle {_exponent([one.oracle for one in rounds]):.2f}")
    last = rounds[-1]
    print(f"ratio {last.ratio:.1f} (pandas oracle wall time / product wall time, {last.product.clients} clients)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 start.py bench features", description=__doc__)
    parser.add_argument("--clients", type=_positive, default=DEFAULT_CLIENTS, help="demo clients (%(default)s)")
    parser.add_argument("--scale", action="store_true", help="run 1, 2 and 4 times as many clients and fit the growth")
    parser.add_argument("--repeat", type=_positive, default=1, help="runs of each side; the quickest counts (1)")
    return parser.parse_args()


def _positive(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{word} is not 1 or more")
    return number


def _round(clients: int, repeat: int) -> Round:
    """Measure both sides in turn, so that a busy moment of the machine does not fall on one alone."""
    folder = str(_demo_tables(clients))
    products, oracles = [], []
    for _ in range(repeat):
        products.append(_measure("_features_product", folder))
        oracles.append(_measure("_features_oracle", folder, *products[-1].tables))
    one = Round(_quickest(products), _quickest(oracles))
    print(_table(one))
    return one


def _quickest(runs: Sequence[Measured]) -> Measured:
    return min(runs, key=lambda run: run.wall_seconds)


def _measure(module: str, *arguments: str) -> Measured:
    told = json.loads(_run(module, *arguments))
    return Measured(**{**told, "tables": tuple(told["tables"])})


def _run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603  our own modules
    if done.returncode:
        raise SystemExit(f"benchmarks.{module} ended with status {done.returncode}: what it said stands above.")
    return done.stdout


def _demo_tables(clients: int) -> Path:
    """Return a folder of demo tables, kept for the next run until the code that makes them changes."""
    state = os.environ.get("STATE_DIR")
    home = Path(state) / "benchmarks" if state else Path(tempfile.gettempdir()) / f"benchmarks-{os.getuid()}"
    folder = home / f"demo-{clients}-{_digest(ROOT / 'modelling' / 'demo_data')}"
    if not folder.exists():
        print(f"making {clients} demo clients in {folder}", flush=True)
        _run("_demo_tables", str(folder), str(clients))
    return folder


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def _table(one: Round) -> str:
    rows = (
        ("features", "{:,.0f}", "features"),
        ("reading the tables, s", "{:.2f}", "reading_seconds"),
        ("building features, wall s", "{:.2f}", "wall_seconds"),
        ("building features, CPU s", "{:.2f}", "cpu_seconds"),
        ("files to features, wall s", "{:.2f}", "whole_seconds"),
        ("peak memory, MB", "{:,.0f}", "peak_megabytes"),
    )
    lines = [f"{one.product.clients:,} clients; {', '.join(one.product.tables)}", _line("", "product", "pandas oracle")]
    for label, form, name in rows:
        lines.append(_line(label, *(form.format(getattr(side, name)) for side in (one.product, one.oracle))))
    return "\n".join(lines)


def _line(label: str, product: str, oracle: str) -> str:
    return f"  {label:<27}{product:>14}{oracle:>16}"


def _exponent(runs: Sequence[Measured]) -> float:
    """Return b of wall time = a · clients^b, by least squares over the logarithms."""
    clients = [math.log(run.clients) for run in runs]
    seconds = [math.log(run.wall_seconds) for run in runs]
    return statistics.linear_regression(clients, seconds).slope


if __name__ == "__main__":
    main()
