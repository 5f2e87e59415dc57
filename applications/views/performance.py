"""How the model did on applications whose outcome is known."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.access import Action, require
from applications.selectors.performance import performance_of
from modelling.models import ModelVersion


@login_required
@require_GET
@never_cache
def performance(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    versions = list(ModelVersion.objects.filter(promoted_at__isnull=False).order_by("-number"))
    asked = request.GET.get("version", "")
    named = (version for version in versions if str(version.number) == asked)
    in_force = (version for version in versions if version.state == ModelVersion.State.CHAMPION)
    version = next(named, None) or next(in_force, None)
    found = performance_of(version) if version else None
    return render(request, "performance/performance.html", {"performance": found, "versions": versions})
