"""build_features: compute the features of a snapshot once and keep them beside its tables."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from modelling.errors import ModellingError
from modelling.feature_store.building import BuildReport
from modelling.feature_store.parts import PartReport
from modelling.feature_store.pool import THREADS, cluster, threads
from modelling.training.dataset import Snapshot, open_snapshot


class Command(BaseCommand):
    """Parse, build, say how many clients were computed."""

    help = (
        "Compute the features of a snapshot into its features.parquet, a range of clients at a time. Clients whose "
        "rows are as in the snapshot built last are taken over; an interrupted build goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--snapshot", default="latest", metavar="DIR", help="its folder, its name, or latest")
        where = parser.add_mutually_exclusive_group()
        where.add_argument(
            "--workers", type=_positive, default=THREADS, metavar="N", help="ranges at once (default %(default)s)"
        )
        where.add_argument(
            "--cluster",
            metavar="ADDRESS",
            help="work on the Dask cluster whose scheduler is there (tcp://HOST:PORT), in place of this process; its "
            "workers need this same code, and the snapshot's folder under the same path",
        )

    def handle(self, **options: Any) -> None:
        """Build."""
        try:
            snapshot = _snapshot(options["snapshot"])
            with _pool(options) as pool:
                report = snapshot.build_features(pool, watch=_watch)
        except ModellingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_sentence(report))


def _snapshot(given: str) -> Snapshot:
    is_folder = (Path(given) / "manifest.json").is_file()
    return open_snapshot(Path(settings.SNAPSHOTS_DIR), str(Path(given).resolve()) if is_folder else given)


def _pool(options: dict[str, Any]) -> AbstractContextManager[Executor]:
    return cluster(options["cluster"]) if options["cluster"] else threads(options["workers"])


def _watch(reports: Iterable[PartReport], count: int) -> Iterable[PartReport]:
    return tqdm(reports, total=count, unit="range", desc="features", dynamic_ncols=True)  # type: ignore[no-any-return]


def _sentence(report: BuildReport) -> str:
    since = f" since {report.previous.folder.name}" if report.previous else ""
    return (
        f"Features of {report.file.clients:,} clients are in {report.file.path}: {report.computed:,} computed, "
        f"{report.reused:,} reused, {report.dropped:,} dropped{since}."
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is not a number of ranges, 1 or more")
    return int(text)
