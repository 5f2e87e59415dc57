"""The curves of a model version: a page of figures with their tables, and each figure as its script draws it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.access import Action, require
from applications.charts.curves import CurveKind, curve
from applications.selectors.model_versions import find_version
from modelling.training.cost import RATIOS


@login_required
@require_GET
def show(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    version, ratio = find_version(number), _ratio(request)
    figures = [curve(version, kind, ratio=ratio) for kind in CurveKind]
    context = {
        "version": version,
        "figures": [figure for figure in figures if figure],
        "ratio": ratio,
        "ratios": RATIOS,
    }
    return render(request, "models/curves.html", context)


@login_required
@require_GET
def figure(request: HttpRequest, number: int, kind: str) -> JsonResponse:
    require(request.user, Action.READ_MODELS)
    version = find_version(number)
    found = curve(version, CurveKind(kind), ratio=_ratio(request)) if kind in set(CurveKind) else None
    return JsonResponse(found.to_json() if found else {}, status=200 if found else 404)


def _ratio(request: HttpRequest) -> float:
    """Give the cost ratio asked for, the standard one when it is none of those measured."""
    return next((ratio for ratio in RATIOS if f"{ratio:g}" == request.GET.get("ratio")), RATIOS[0])
