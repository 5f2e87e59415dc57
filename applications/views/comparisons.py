"""Comparisons of kinds of model and of treatments of imbalance: the newest of each, and any by its number."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.access import Action, require
from applications.selectors.comparisons import comparison_runs, find_comparison, latest_comparisons


@login_required
@require_GET
@never_cache
def comparisons(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    context = {"comparisons": latest_comparisons(), "runs": comparison_runs()}
    return render(request, "models/comparisons.html", context)


@login_required
@require_GET
@never_cache
def comparison(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    context = {"comparisons": [find_comparison(number)], "runs": comparison_runs(), "number": number}
    return render(request, "models/comparisons.html", context)
