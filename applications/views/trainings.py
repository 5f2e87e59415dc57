"""Trainings: those there were, one with its live progress, asking for one and cancelling it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.access import Action, may, require
from applications.errors import LabError
from applications.lab_forms import TrainingForm, asked_again, asked_with
from applications.models import User
from applications.selectors.studies import find_study
from applications.selectors.trainings import Training, find_training
from applications.selectors.trainings import trainings as last_trainings
from applications.services import lab
from applications.tasks import enqueue_training
from modelling.errors import ModellingError
from modelling.models import TrainingRun
from modelling.sentences import said


@login_required
@require_GET
@never_cache
def trainings(request: HttpRequest) -> HttpResponse:
    """Show the list; to htmx, which asks again while one is under way, its rows alone."""
    require(request.user, Action.READ_MODELS)
    found = last_trainings()
    context = {
        "trainings": found,
        "is_any_open": any(each.is_open for each in found),
        "may_train": may(request.user, Action.TRAIN_MODEL),
    }
    is_asked_again = request.headers.get("HX-Request") == "true"
    return render(request, "models/_trainings.html" if is_asked_again else "models/trainings.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def new_training(request: HttpRequest) -> HttpResponse:
    """Show the form, filled as another training or a study has it; ask for the training."""
    actor = require(request.user, Action.TRAIN_MODEL)
    if request.method == "GET":
        return render(request, "models/new_training.html", {"form": TrainingForm(initial=_like(request))})
    form = TrainingForm(request.POST)
    run = _asked(form, actor) if form.is_valid() else None
    if run is None:
        return render(request, "models/new_training.html", {"form": form}, status=422)
    return redirect("training", run.pk)


@login_required
@require_GET
@never_cache
def training(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    found = find_training(number)
    return render(request, "models/training.html", _about(request, found))


@login_required
@require_GET
@never_cache
def training_progress(request: HttpRequest, number: int) -> HttpResponse:
    """Say how far a training is; one that changed its state since the page was made reloads it."""
    require(request.user, Action.READ_MODELS)
    found = find_training(number)
    if found.run.state != request.GET.get("seen"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "models/_training_progress.html", _about(request, found))


@login_required
@require_POST
def cancel_training(request: HttpRequest, number: int) -> HttpResponse:
    actor = require(request.user, Action.TRAIN_MODEL)
    try:
        lab.cancel_training(find_training(number).run, actor=actor)
    except LabError as error:
        messages.error(request, str(error))
    return redirect("training", number)


def _asked(form: TrainingForm, actor: User) -> TrainingRun | None:
    try:
        with transaction.atomic():
            run = lab.ask_training(form.cleaned_data["snapshot"], form.plan, actor=actor)
            enqueue_training(run.pk)
            return run
    except ModellingError as error:
        form.add_error(None, said(error.sentence, error.facts))
        return None


def _like(request: HttpRequest) -> dict[str, Any]:
    again, study = request.GET.get("again", ""), request.GET.get("study", "")
    if again.isdecimal():
        return asked_again(find_training(int(again)).run)
    return asked_with(find_study(int(study)).row) if study.isdecimal() else {}


def _about(request: HttpRequest, found: Training) -> dict[str, Any]:
    left = found.seconds_left(now=timezone.now())
    return {
        "training": found,
        "run": found.run,
        "seconds_left": left,
        "may_train": may(request.user, Action.TRAIN_MODEL),
    }
