"""Assess the book, or a part of it: start a run, watch it, or pause, resume or cancel the one that is open."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from applications.errors import OfficeError
from applications.models import AssessmentRun, RunState
from applications.selectors.book import is_at_work, open_run, progress_of
from applications.services import runs
from applications.tasks import enqueue_run
from modelling.errors import ModellingError

STALLED_AFTER_SECONDS = 120
WATCH_EVERY_SECONDS = 0.5


class Command(BaseCommand):
    """Assess the book."""

    help = (
        "Assess every application that has no assessment by the champion under the policy in force. --where names a "
        'part of them: "agency=nantes,lyon-3 status=to_decide recommendation=refer id=100001-250000", every condition '
        "to be met. A run survives workers and machines that die: it goes on from its last stored chunk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--where", default="", help="which applications; all by default")
        parser.add_argument("--wait", action="store_true", help="show progress until the run has ended")
        deed = parser.add_mutually_exclusive_group()
        for name in _DEEDS:
            deed.add_argument(f"--{name}", action="store_const", const=name, dest="deed", help=f"{name} the open run")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = _change(options["deed"]) if options["deed"] else _start_or_join(options["where"])
        except (OfficeError, ModellingError) as error:
            raise CommandError(str(error)) from error
        if run is None:
            self.stdout.write("Every application asked for has its assessment.")
            return
        self.stdout.write(f"Run {run.pk} over {run.total} applications: {run.get_state_display().lower()}.")
        if options["wait"] and run.state == RunState.RUNNING:
            self._wait(run)

    def _wait(self, run: AssessmentRun) -> None:
        _show_progress(run)
        progress = progress_of(run, now=timezone.now())
        if run.state != RunState.DONE:
            raise CommandError(f"Run {run.pk}: {run.get_state_display().lower()}. {run.get_failure_display()}".strip())
        if progress.failed or progress.failed_chunks:
            raise CommandError(
                f"{progress.failed} applications and {progress.failed_chunks} chunks could not be assessed; "
                "the operations page says why."
            )
        self.stdout.write(f"{progress.assessed} applications are assessed.")


@transaction.atomic
def _start_or_join(where: str) -> AssessmentRun | None:
    """Start a run, or go on with the open one when it was started with these words."""
    run = open_run()
    if run is None or run.where != where:
        run = runs.start_run(where, actor=None)
    elif run.state == RunState.PAUSED:
        run = runs.resume(run, actor=None)
    if run is not None:
        enqueue_run(run.pk)
    return run


@transaction.atomic
def _change(deed: str) -> AssessmentRun:
    run = open_run()
    if run is None:
        raise CommandError("No run over the book is open.")
    run = _DEEDS[deed](run, actor=None)
    if run.state == RunState.RUNNING:
        enqueue_run(run.pk)
    return run


def _show_progress(run: AssessmentRun) -> None:
    """Show how far it is; on a machine that is busy otherwise a chunk takes its time, so a worker that lives may."""
    last_sign = time.monotonic()
    with tqdm(total=run.total, unit="application", desc="assessed") as bar:
        while run.state == RunState.RUNNING:
            time.sleep(WATCH_EVERY_SECONDS)
            moved = progress_of(run, now=timezone.now()).done - bar.n
            run.refresh_from_db()
            bar.update(moved)
            if moved:
                bar.set_postfix_str("")
                last_sign = time.monotonic()
            elif time.monotonic() - last_sign > STALLED_AFTER_SECONDS:
                if not is_at_work(run):
                    raise CommandError(f"No worker showed life for {STALLED_AFTER_SECONDS} s: start worker-book.")
                bar.set_postfix_str("waiting: a worker is at it")
                last_sign = time.monotonic()


_DEEDS: Mapping[str, Callable[..., AssessmentRun]] = {
    "pause": runs.pause, "resume": runs.resume, "cancel": runs.cancel
}  # fmt: skip
