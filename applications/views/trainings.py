"""Trainings, with the live progress of those under way."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.access import Action, require
from applications.selectors.trainings import trainings as last_trainings


@login_required
@require_GET
@never_cache
def trainings(request: HttpRequest) -> HttpResponse:
    """Show the list; to htmx, which asks again while one is under way, its rows alone."""
    require(request.user, Action.READ_MODELS)
    found = last_trainings()
    context = {"trainings": found, "is_any_running": any(each.is_running for each in found)}
    is_asked_again = request.headers.get("HX-Request") == "true"
    return render(request, "models/_trainings.html" if is_asked_again else "models/trainings.html", context)
