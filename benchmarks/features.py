"""Time the product's features beside the same ones in plain pandas: python3 start.py bench features [--clients N].

Both sides read the same demo clients from the same seven Parquet files of a snapshot, each in a fresh process, one
after the other. The pandas oracle builds the public kernel's features, once on words as plain code
that reads a file has them, once on words made ready as pandas categories. The product builds, in two threads, first the
same ones, then all it knows. Two things are timed: the way from the files to the features, and building them from
tables in memory. The last line compares how long both take from the files to the same features, words first.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

# Nothing heavy here: a child's peak memory would start from this process's.
from benchmarks._demo_folder import ROOT, demo_tables
from benchmarks._side_by_side import Measured, Stage, measured

DEFAULT_CLIENTS = 5000
TIMES = (1, 2, 4)


@dataclass(frozen=True)
class Round:
    """Both sides over the same clients.

    words: the oracle on words as a file has them; oracle: on words made ready as pandas categories, which is quicker.
    same: the product building what the oracle builds as well.
    """

    words: Measured
    oracle: Measured
    same: Measured
    everything: Measured

    @property
    def ratios(self) -> tuple[float, float]:
        """Give how many times longer the oracle takes from the files to what both build: on words, on categories."""
        on_words, on_categories = (side.whole.wall_seconds for side in (self.words, self.oracle))
        return on_words / self.same.whole.wall_seconds, on_categories / self.same.whole.wall_seconds


def main() -> None:
    """Run one round, or with --scale three, and print them."""
    options = _options()
    sizes = [options.clients * times for times in TIMES] if options.scale else [options.clients]
    rounds = [_round(size, options.repeat) for size in sizes]
    if options.scale:
        print("time from files to features grows as clients to the power of: ", end="")
        print(f"product {_exponent([one.everything for one in rounds]):.2f}, ", end="")
        print(f"pandas oracle {_exponent([one.oracle for one in rounds]):.2f}")
    last = rounds[-1]
    print(
        "ratio {:.1f} on words as files have them, {:.1f} on ready categories ".format(*last.ratios),
        f"(wall time, pandas oracle / product, from files to the {len(last.same.features)} features both build of ",
        f"{last.oracle.clients} clients)",
        sep="",
    )


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
    folder = str(demo_tables(clients))
    _product(str(demo_tables(1)), ())  # the first run on a machine compiles the loops
    runs = [_sides(folder) for _ in range(repeat)]
    one = Round(*(_quickest([run[side] for run in runs]) for side in range(4)))
    print(_table(one))
    return one


def _sides(folder: str) -> tuple[Measured, Measured, Measured, Measured]:
    words, oracle = (measured(_run("_features_oracle", how, folder)) for how in ("words", "codes"))
    everything = _product(folder, ())
    shared = [name for name in dict.fromkeys(oracle.features) if name in everything.features]
    return words, oracle, _product(folder, shared), everything


def _product(folder: str, features: Sequence[str]) -> Measured:
    whole, building = (
        measured(_run("_features_product", measure, folder, told=json.dumps(list(features))))
        for measure in ("whole", "building")
    )
    return replace(whole, building=building.building)


def _quickest(runs: Sequence[Measured]) -> Measured:
    """Take each stage from the run that did it quickest."""
    whole = min(runs, key=lambda run: run.whole.wall_seconds)
    return replace(whole, building=min((run.building for run in runs), key=lambda stage: stage.wall_seconds))


def _run(module: str, *arguments: str, told: str = "") -> str:
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, input=told, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603  our own modules
    if done.returncode:
        raise SystemExit(f"benchmarks.{module} ended with status {done.returncode}: what it said stands above.")
    return done.stdout


_ROWS: Sequence[tuple[str, str, Callable[[Measured], float]]] = (
    ("features", "{:,.0f}", lambda side: len(side.features)),
    ("files to features, wall s", "{:.2f}", lambda side: side.whole.wall_seconds),
    ("files to features, CPU s", "{:.2f}", lambda side: side.whole.cpu_seconds),
    ("building alone, wall s", "{:.2f}", lambda side: side.building.wall_seconds),
    ("building alone, CPU s", "{:.2f}", lambda side: side.building.cpu_seconds),
    ("peak memory, MB", "{:,.0f}", lambda side: side.peak_megabytes),
)


def _table(one: Round) -> str:
    sides = (one.words, one.oracle, one.same, one.everything)
    load = os.getloadavg()[0]
    lines = [
        f"{one.oracle.clients:,} clients, {os.cpu_count()} processors, load {load:.1f}",
        _line("", "pandas, words", "pandas, codes", "product, same", "product, all"),
        *(_line(label, *(form.format(value(side)) for side in sides)) for label, form, value in _ROWS),
        _line("whole way, against words", *(_times(one.words.whole, side.whole) for side in sides)),
        _line("whole way, against codes", *(_times(one.oracle.whole, side.whole) for side in sides)),
        _line("building, against words", *(_times(one.words.building, side.building) for side in sides)),
        _line("building, against codes", *(_times(one.oracle.building, side.building) for side in sides)),
    ]
    return "\n".join(lines)


def _times(oracle: Stage, product: Stage) -> str:
    return f"{oracle.wall_seconds / product.wall_seconds:.1f}"


def _line(label: str, *values: str) -> str:
    return f"  {label:<27}" + "".join(f"{value:>16}" for value in values)


def _exponent(runs: Sequence[Measured]) -> float:
    """Return b of wall time = a · clients^b, by least squares over the logarithms."""
    clients = [math.log(run.clients) for run in runs]
    seconds = [math.log(run.whole.wall_seconds) for run in runs]
    return statistics.linear_regression(clients, seconds).slope


if __name__ == "__main__":
    main()
