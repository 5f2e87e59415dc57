"""What the model version in force looks at, over its whole population."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.charts.beeswarm import beeswarm
from applications.charts.effect import effect_on_all
from applications.charts.global_explanation import global_explanation
from applications.forms import ExplanationForm
from applications.selectors.importance import model_in_force

_ALL = 10_000  # more features than any model reads


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


@login_required
@require_GET
def effects(request: HttpRequest) -> HttpResponse:
    """Show what each value of one feature does, the most important one where none is chosen."""
    used = model_in_force()
    if used is None:
        return render(request, "explanation/effects.html", {})
    factors = global_explanation(used, most=_ALL).factors
    wanted = request.GET.get("feature")
    chosen = next((factor for factor in factors if factor.name == wanted), factors[0])
    figure = effect_on_all(chosen.name, used.bundle, model_number=used.version.number)
    return render(request, "explanation/effects.html", {"factors": factors, "chosen": chosen, "figure": figure})


@login_required
@require_GET
def effects_figure(request: HttpRequest) -> JsonResponse:
    used, feature = model_in_force(), request.GET.get("feature", "")
    figure = effect_on_all(feature, used.bundle, model_number=used.version.number) if used else None
    return JsonResponse(figure.to_json()) if figure else JsonResponse({}, status=404)
