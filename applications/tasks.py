"""What Celery runs: answer the requests written in the database, and find those whose message was lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from smtplib import SMTPException
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from applications.errors import DATABASE_AWAY, AlertError, BusyError
from applications.models import Alert, PromotionRequest
from applications.patience import is_one_too_many, leaving_room, stands_back
from applications.selectors.queues import messages_in, people_wait
from applications.services import alerting, assessment, book, drift, population, previews, sweeping, tallies
from applications.services.heartbeats import note_heartbeat, note_people
from applications.services.scored_files import keeping, scoring
from applications.silence import NoAnswer, unless_silent
from modelling import studies, trainings
from modelling.attempts import close_lost
from modelling.errors import ModellingError
from modelling.models import State, Study, TrainingRun

logger = logging.getLogger(__name__)

# A training at full size takes half an hour; a search as long as its budget says.
LAB_SECONDS = 24 * 3600
STAND_ASIDE_SECONDS = 0.5
AWAY = (BrokerError, NoAnswer)


@shared_task(autoretry_for=DATABASE_AWAY, retry_backoff=True, max_retries=5)
def answer_requests(application_ids: list[int]) -> None:
    """Assess the applications among these that still ask for it."""
    if not stands_back():
        note_people()
    stored = assessment.answer_requests(application_ids)
    logger.info("stored %d assessments of %d applications asked", stored, len(application_ids))


@shared_task(autoretry_for=DATABASE_AWAY, retry_backoff=True, max_retries=5)
def assess_book(run_id: int) -> None:
    """Take a turn: assess one chunk of the run, then pass the turn on, so that other tasks come in between.

    While people wait for assessments, half of the processors are theirs: a process that has none passes its turn on.
    """
    if not people_wait():
        is_more = book.assess_next_chunk(run_id)
    elif is_one_too_many():
        time.sleep(STAND_ASIDE_SECONDS)
        is_more = True
    else:
        with leaving_room():
            is_more = book.assess_next_chunk(run_id)
    if is_more:
        enqueue_run(run_id, turns=1)


@shared_task(autoretry_for=DATABASE_AWAY, retry_backoff=True, max_retries=5)
def score_file(file_id: int) -> None:
    """Score a file that is asked for."""
    scoring.score_file(file_id)
    logger.info("file %d is seen to", file_id)


@shared_task
def drop_old_files() -> None:
    """Delete the files people brought whose time is over."""
    if dropped := keeping.drop_old_files(timezone.now()):
        logger.info("dropped %d files whose time was over", dropped)


@shared_task
def sweep_lost_requests() -> None:
    """Queue again what no worker holds and no queue carries, one by one: one of them may be what killed its worker."""
    for queue, application_ids in sweeping.take_back_lost_requests(messages_in).items():
        logger.warning("queueing %d lost requests again in %s", len(application_ids), queue)
        enqueue(application_ids, queue=queue, at_once=1)
    for run_id, turns in sweeping.take_back_lost_turns(messages_in).items():
        logger.warning("giving out %d turns of run %d again", turns, run_id)
        enqueue_run(run_id, turns=turns)
    for file_id in sweeping.take_back_lost_files(messages_in):
        logger.warning("queueing lost file %d again", file_id)
        enqueue_file(file_id)


@shared_task(autoretry_for=DATABASE_AWAY, retry_backoff=True, max_retries=5)
def make_preview(request_id: int) -> None:
    """Count who would change side if a requested promotion were approved."""
    previews.make_preview(PromotionRequest.objects.select_related("version").get(pk=request_id))
    logger.info("previewed promotion request %d", request_id)


@shared_task
def close_lost_trainings() -> None:
    """Say of what the lab was at when its process died that it was broken off; queue again what no message carries."""
    if lost := close_lost():
        logger.warning("%d trainings, studies or comparisons ended without a word", lost)
    if not messages_in("lab"):
        for queue_again, table in ((enqueue_training, TrainingRun), (enqueue_study, Study)):
            for waiting in table.objects.filter(state=State.QUEUED).values_list("pk", flat=True):
                queue_again(waiting)


@shared_task(acks_late=False, time_limit=LAB_SECONDS, soft_time_limit=LAB_SECONDS - 60)
def train(run_id: int) -> None:
    """Train as a run asks, unless that is done: the message is gone once it is read, the row is what counts."""
    try:
        version = trainings.carry_out(TrainingRun.objects.get(pk=run_id), alive=_lab_is_alive)
    except ModellingError as error:
        logger.warning("training %d failed: %s", run_id, error)
        return
    logger.info("training %d: %s", run_id, version or "nothing to do, or cancelled")


@shared_task(acks_late=False, time_limit=LAB_SECONDS, soft_time_limit=LAB_SECONDS - 60)
def search_settings(study_id: int) -> None:
    """Search as a study asks, as `train` trains."""
    try:
        found = studies.carry_out(Study.objects.get(pk=study_id), alive=_lab_is_alive)
    except ModellingError as error:
        logger.warning("study %d failed: %s", study_id, error)
        return
    logger.info("study %d: %s trials", study_id, len(found.trials) if found else "cancelled after some")


@shared_task(autoretry_for=DATABASE_AWAY, retry_backoff=True, max_retries=5)
def measure_drift() -> None:
    """Measure drift up to today and send the alert there may be; when drift cannot be told, say why in the log."""
    try:
        measured = drift.measure_drift(today=timezone.localdate())
    except ModellingError as error:
        logger.warning("drift is not measured: %s", error)
        return
    logger.info("drift report %d: the score's index is %.3f", measured.report.pk, measured.report.score_psi)
    if measured.alert:
        enqueue_alert(measured.alert.pk)


@shared_task(autoretry_for=(OSError, SMTPException), retry_backoff=True, max_retries=8)
def mail_alert(alert_id: int) -> None:
    """Send an alert to whoever the settings name."""
    count = alerting.send_alert_mail(Alert.objects.get(pk=alert_id))
    logger.info("alert %d is sent to %d addresses", alert_id, count)


@shared_task(autoretry_for=(OSError, AlertError), retry_backoff=True, max_retries=8)
def post_alert(alert_id: int) -> None:
    """Hand an alert to the system the settings name."""
    alerting.post_alert(Alert.objects.get(pk=alert_id))


@shared_task
def renew_tallies() -> None:
    """Count again what pages show of whole tables, where these have changed."""
    if renewed := tallies.renew_tallies():
        logger.info("counted again: %s", ", ".join(renewed))


@shared_task
def renew_population() -> None:
    """Lay the population out again for the pages that compare, where it has changed."""
    try:
        found = population.renew_population(now=timezone.now())
    except (BusyError, ModellingError) as error:
        logger.warning("the population is not laid out: %s", error)
        return
    if found:
        logger.info("laid the values of %d clients out", len(found))


@shared_task
def show_life(queue: str) -> None:
    """Show that beat, the broker and this queue's worker pass tasks on; it waits its turn like any other."""
    note_heartbeat(queue)


def enqueue(application_ids: Sequence[int], *, queue: str = "interactive", at_once: int | None = None) -> None:
    """Tell the workers that these applications have a request.

    at_once: how many a message is about; ASSESSMENT_CHUNK_SIZE unless told. When the broker cannot be reached nothing
    is lost: the requests are rows, and the sweeper finds them.
    """
    size = at_once or settings.ASSESSMENT_CHUNK_SIZE
    parts = [list(application_ids[start : start + size]) for start in range(0, len(application_ids), size)]
    _send(answer_requests, *parts, queue=queue, away=f"{len(application_ids)} requests wait in the database")


def enqueue_drift() -> None:
    """Have drift measured soon, behind the book's other tasks; when the broker is away tonight's measure comes."""
    try:
        with unless_silent():
            measure_drift.apply_async(queue="book")
    except AWAY:
        logger.warning("the broker is away: drift is measured tonight")


def enqueue_alert(alert_id: int) -> None:
    """Have an alert sent; the site shows it anyway, were the broker away."""
    for task in (mail_alert, post_alert):
        _send(task, alert_id, away=f"alert {alert_id} is shown on the site alone")


def enqueue_run(run_id: int, *, turns: int | None = None) -> None:
    """Let workers take turns at a run; by default as many as may work at once.

    A turn too many ends at once; one too few is given out again by the sweeper.
    """
    count = settings.BOOK_TURNS if turns is None else turns
    _send(assess_book, *[run_id] * count, queue="book", away=f"run {run_id} waits in the database")


def enqueue_file(file_id: int) -> None:
    """Let a worker score a file; a lost message is sent again by the sweeper."""
    _send(score_file, file_id, queue="book", away=f"file {file_id} waits in the database")


def enqueue_training(run_id: int) -> None:
    """Let the lab's worker train; a message too many does no harm."""
    _send(train, run_id, queue="lab", away=f"training {run_id} waits in the database")


def enqueue_study(study_id: int) -> None:
    """Let the lab's worker search; a message too many does no harm."""
    _send(search_settings, study_id, queue="lab", away=f"study {study_id} waits in the database")


def enqueue_preview(request_id: int) -> None:
    """Let a worker make a preview; a lost one is asked for again on its page."""
    away = f"the preview of request {request_id} has to be asked for again"
    _send(make_preview, request_id, queue="book", away=away)


def _send(task: Task[Any, None], *subjects: int | list[int], away: str, queue: str = "interactive") -> None:
    """Send a message about each subject once the transaction is committed; away: what is said without the broker."""

    def publish() -> None:
        try:
            for subject in subjects:
                with unless_silent():
                    task.apply_async((subject,), queue=queue)
        except AWAY:
            logger.warning("the broker is away: %s", away)

    transaction.on_commit(publish, robust=True)


def _lab_is_alive() -> None:
    note_heartbeat("lab")
