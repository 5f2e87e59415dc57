"""What the model version in force looks at, over its whole population."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.charts.beeswarm import beeswarm
from applications.charts.global_explanation import global_explanation
from applications.forms import ExplanationForm
from applications.selectors.importance import model_in_force


@login_required
@require_GET
def explanation(request: HttpRequest) -> HttpResponse:
    form = ExplanationForm(request.GET)
    form.is_valid()  # a number that makes no sense says so, and the usual one is shown
    used = model_in_force()
    context = {
        "form": form,
        "most": form.most,
        "explanation": global_explanation(used, most=form.most) if used else None,
        "swarm": beeswarm(used, most=form.most) if used else None,
    }
    return render(request, "explanation/page.html", context)


@login_required
@require_GET
def beeswarm_figure(request: HttpRequest) -> JsonResponse:
    form = ExplanationForm(request.GET)
    form.is_valid()
    used = model_in_force()
    figure = beeswarm(used, most=form.most) if used else None
    return JsonResponse(figure.to_json()) if figure else JsonResponse({}, status=404)
