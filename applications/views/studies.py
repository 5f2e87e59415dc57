"""Searches of settings: all of them, one with its trials and live progress, beginning, going on and cancelling."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.access import Action, may, require
from applications.charts.trials import trials_chart
from applications.errors import LabError
from applications.lab_forms import BudgetForm, StudyForm
from applications.models import User
from applications.selectors.studies import StudyCard, find_study
from applications.selectors.studies import studies as last_studies
from applications.services import lab
from applications.tasks import enqueue_study
from modelling.errors import ModellingError
from modelling.models import Study
from modelling.sentences import said
from modelling.training.search import Budget, Search

MORE_TRIALS = 20


@login_required
@require_GET
@never_cache
def studies(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    context = {"studies": last_studies(), "may_train": may(request.user, Action.TRAIN_MODEL)}
    return render(request, "models/studies.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def new_study(request: HttpRequest) -> HttpResponse:
    actor = require(request.user, Action.TRAIN_MODEL)
    if request.method == "GET":
        return render(request, "models/new_study.html", {"form": StudyForm()})
    form = StudyForm(request.POST)
    study = _begun(form, actor) if form.is_valid() else None
    if study is None:
        return render(request, "models/new_study.html", {"form": form}, status=422)
    return redirect("study", study.pk)


@login_required
@require_GET
@never_cache
def study(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    found = find_study(number)
    form = BudgetForm(initial={"trials": len(found.trials) + MORE_TRIALS})
    return render(request, "models/study.html", _about(request, found, form))


@login_required
@require_GET
@never_cache
def study_progress(request: HttpRequest, number: int) -> HttpResponse:
    """Say how far a search is; one that changed its state since the page was made reloads it."""
    require(request.user, Action.READ_MODELS)
    found = find_study(number)
    if found.row.state != request.GET.get("seen"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "models/_study_progress.html", _about(request, found, None))


@login_required
@require_GET
@never_cache
def study_figure(request: HttpRequest, number: int) -> JsonResponse:
    require(request.user, Action.READ_MODELS)
    return JsonResponse(trials_chart(find_study(number)).to_json())


@login_required
@require_POST
def continue_study(request: HttpRequest, number: int) -> HttpResponse:
    actor = require(request.user, Action.TRAIN_MODEL)
    found, form = find_study(number), BudgetForm(request.POST)
    if form.is_valid():
        row = found.row
        _ask(form, (row.name, row.snapshot_name, Search.of_json(row.asked), form.budget), actor)
    if form.errors:
        return render(request, "models/study.html", _about(request, found, form), status=422)
    return redirect("study", number)


@login_required
@require_POST
def cancel_study(request: HttpRequest, number: int) -> HttpResponse:
    actor = require(request.user, Action.TRAIN_MODEL)
    try:
        lab.cancel_study(find_study(number).row, actor=actor)
    except LabError as error:
        messages.error(request, str(error))
    return redirect("study", number)


def _begun(form: StudyForm, actor: User) -> Study | None:
    asked = form.cleaned_data
    if Study.objects.filter(name=asked["name"]).exists():
        form.add_error("name", _("There is a search of this name: go on with it on its page, or choose another name."))
        return None
    return _ask(form, (asked["name"], asked["snapshot"], form.search, form.budget), actor)


def _ask(form: StudyForm | BudgetForm, asked: tuple[str, str, Search, Budget], actor: User) -> Study | None:
    try:
        with transaction.atomic():
            row = lab.ask_study(*asked, actor=actor)
            enqueue_study(row.pk)
            return row
    except ModellingError as error:
        form.add_error(None, said(error.sentence, error.facts))
        return None


def _about(request: HttpRequest, found: StudyCard, form: BudgetForm | None) -> dict[str, Any]:
    now = timezone.now()
    return {
        "study": found,
        "row": found.row,
        "form": form,
        "share": found.share(now=now),
        "seconds_a_trial": found.seconds_a_trial(now=now),
        "seconds_left": found.seconds_left(now=now),
        "may_train": may(request.user, Action.TRAIN_MODEL),
    }
