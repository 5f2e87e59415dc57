"""Ask for an assessment of every application that lacks an up-to-date one."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F, Q
from tqdm import tqdm

from applications.errors import NoPolicyError
from applications.models import Application, AssessmentRequest, RequestState
from applications.services.assessment import request_assessments
from applications.services.policies import policy_in_force
from applications.tasks import enqueue
from modelling import registry
from modelling.errors import ModellingError

SLICE = 5_000
STALLED_AFTER_SECONDS = 120


class Command(BaseCommand):
    """Queue the whole book for assessment."""

    help = "Assess every application that has no assessment by the champion under the policy in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wait", action="store_true", help="show progress until all requests are answered")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            numbers = list(_out_of_date().values_list("pk", flat=True))
        except (ModellingError, NoPolicyError) as error:
            raise CommandError(str(error)) from error
        for start in range(0, len(numbers), SLICE):
            _request(numbers[start : start + SLICE])
        self.stdout.write(f"{len(numbers)} applications are queued for assessment.")
        if options["wait"] and numbers:
            self._wait(len(numbers))

    def _wait(self, asked: int) -> None:
        _show_progress(asked)
        failed = AssessmentRequest.objects.filter(state=RequestState.FAILED).count()
        if failed:
            raise CommandError(f"{failed} applications could not be assessed; their pages say why.")
        self.stdout.write(f"{asked} applications are assessed.")


@transaction.atomic
def _request(numbers: list[int]) -> None:
    request_assessments(numbers, queue="book")
    enqueue(numbers, queue="book")


def _out_of_date() -> Any:
    current = Q(
        current_assessment__application_version=F("version"),
        current_assessment__model_version=registry.champion(),
        current_assessment__policy=policy_in_force(),
    )
    return Application.objects.exclude(current, current_assessment__isnull=False).order_by("pk")


def _open_requests() -> int:
    return AssessmentRequest.objects.exclude(state=RequestState.FAILED).count()


def _show_progress(asked: int) -> None:
    last_move = time.monotonic()
    with tqdm(total=asked, unit="application", desc="assessed") as bar:
        while left := _open_requests():
            moved = asked - left - bar.n
            bar.update(max(moved, 0))
            last_move = time.monotonic() if moved > 0 else last_move
            if time.monotonic() - last_move > STALLED_AFTER_SECONDS:
                raise CommandError(f"Nothing was assessed for {STALLED_AFTER_SECONDS} s: is a worker running?")
            time.sleep(0.5)
        bar.update(asked - bar.n)
