"""The operations page: the book, the queues, what failed and what runs; for administrators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from redis.exceptions import RedisError

from applications import access
from applications.access import Action
from applications.charts.run_differences import run_differences
from applications.errors import NoPolicyError, OfficeError
from applications.forms import RunForm
from applications.models import AssessmentRun, ChunkState, Kind, RunState, User
from applications.selectors import operations as selectors
from applications.selectors.book import open_run, progress_of
from applications.selectors.drift import report_by_number
from applications.selectors.queues import QUEUES
from applications.services import retrying, runs
from applications.services.cancelling import cancel_requests
from applications.services.clearing import clear_caches
from applications.tasks import enqueue, enqueue_run
from modelling.errors import ModellingError

_DEEDS = {"pause": runs.pause, "resume": runs.resume, "cancel": runs.cancel}


@login_required
@require_GET
@never_cache
def operations(request: HttpRequest) -> HttpResponse:
    _admin(request)
    return render(request, "operations/operations.html", _page(RunForm()))


@login_required
@require_POST
def start_run(request: HttpRequest) -> HttpResponse:
    admin, form = _admin(request), RunForm(request.POST)
    run = _started(form, admin) if form.is_valid() else None
    if form.errors:
        return render(request, "operations/operations.html", _page(form), status=422)
    if run is None:
        messages.info(request, _("Every application asked for has its assessment already."))
        return redirect("operations")
    return redirect("run", run.pk)


@login_required
@require_GET
@never_cache
def show_run(request: HttpRequest, number: int) -> HttpResponse:
    _admin(request)
    run = get_object_or_404(AssessmentRun.objects.select_related("started_by", "model_version", "policy"), pk=number)
    failed_chunks = run.chunks.filter(state=ChunkState.FAILED)
    return render(
        request,
        "operations/run.html",
        {**_about(run), "failed_chunks": failed_chunks, "report": run_differences(run.report)},
    )


@login_required
@require_GET
@never_cache
def run_progress(request: HttpRequest, number: int) -> HttpResponse:
    """Say how far a run is; one that changed its state since the page was made reloads it."""
    _admin(request)
    run = get_object_or_404(AssessmentRun, pk=number)
    if run.state != request.GET.get("seen"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "operations/_progress.html", _about(run))


@login_required
@require_POST
def change_run(request: HttpRequest, number: int) -> HttpResponse:
    admin = _admin(request)
    run, deed = get_object_or_404(AssessmentRun, pk=number), _DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404(_("There is no such thing to do with a run."))
    try:
        with transaction.atomic():
            run = deed(run, actor=admin)
            if run.state == RunState.RUNNING:
                enqueue_run(run.pk)
    except OfficeError as error:
        messages.error(request, str(error))
    return redirect("run", run.pk)


@login_required
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Have failed requests tried again: that of one application, or all."""
    _admin(request)
    text = request.POST.get("number", "")
    with transaction.atomic():
        again = retrying.failed_requests_again([int(text)] if text.isdecimal() else None)
        for queue, numbers in again.items():
            enqueue(numbers, queue=queue)
    count = sum(map(len, again.values()))
    messages.info(request, ngettext("%(n)s request waits again.", "%(n)s requests wait again.", count) % {"n": count})
    return redirect("operations")


@login_required
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Give up the failed request of one application."""
    admin, text = _admin(request), request.POST.get("number", "")
    count = retrying.drop_failed_requests([int(text)] if text.isdecimal() else [], actor=admin)
    messages.info(request, ngettext("%(n)s request is dropped.", "%(n)s requests are dropped.", count) % {"n": count})
    return redirect("operations")


@login_required
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Cancel the requests of the applications chosen, or all that are open in a queue."""
    admin, queue = _admin(request), request.POST.get("queue", "")
    chosen = [int(text) for text in request.POST.getlist("number") if text.isdecimal()]
    if not chosen and queue not in QUEUES:
        messages.error(request, _("Choose the requests to cancel."))
        return redirect("operations")
    count = cancel_requests(queue=queue, actor=admin) if queue else cancel_requests(chosen, actor=admin)
    words = ngettext("%(n)s request is cancelled.", "%(n)s requests are cancelled.", count)
    messages.info(request, words % {"n": count})
    return redirect("operations")


@login_required
@require_POST
def clear_cache(request: HttpRequest) -> HttpResponse:
    admin = _admin(request)
    try:
        clear_caches(actor=admin)
    except RedisError:
        messages.error(request, _("The cache does not answer, so nothing was cleared."))
    else:
        messages.info(request, _("The cache is empty, and all figures are counted again within a minute."))
    return redirect("operations")


def _admin(request: HttpRequest) -> User:
    access.require(request.user, Action.ADMINISTER)
    assert isinstance(request.user, User)  # noqa: S101  nobody else may
    return request.user


def _started(form: RunForm, admin: User) -> AssessmentRun | None:
    try:
        with transaction.atomic():
            run = runs.start_run(form.cleaned_data["where"], actor=admin)
            if run is not None:
                enqueue_run(run.pk)
            return run
    except (OfficeError, ModellingError, NoPolicyError) as error:
        form.add_error("where", str(error))
        return None


def _page(form: RunForm) -> dict[str, Any]:
    run = open_run()
    return {
        "form": form,
        **(_about(run) if run else {}),
        "runs": selectors.last_runs(),
        "queues": selectors.queue_lines(),
        "open_requests": selectors.open_requests(),
        "failures": selectors.failures(),
        "backup": selectors.last_event(Kind.BACKUP_MADE),
        "drift": report_by_number(None),
        "versions": selectors.versions(),
    }


def _about(run: AssessmentRun) -> dict[str, Any]:
    progress = progress_of(run, now=timezone.now())
    left = progress.seconds_left
    return {"run": run, "progress": progress, "time_left": None if left is None else timedelta(seconds=left)}
