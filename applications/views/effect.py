"""The effect of one feature of an application: a page with a picker, and the figure its script draws."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.access import Person
from applications.charts.advice import bundle_of
from applications.charts.effect import Effect, Origin, effect, origin_of, sentence_of
from applications.charts.reading import Factor, read
from applications.models import Application, Assessment
from applications.selectors.application import open_application
from modelling import registry

_ALL = 10_000  # more features than any model reads
LISTED = 40


@login_required
@require_GET
@never_cache
def show(request: HttpRequest, number: int) -> HttpResponse:
    application, assessment, factors = _explained(request.user, number)
    origin = request.GET.get("origin", "")
    listed = [factor for factor in factors if origin not in set(Origin) or origin_of(factor.name) == origin]
    chosen = _chosen(listed or factors, request.GET.get("feature", ""))
    context = {
        "application": application,
        "factors": listed[:LISTED],
        "chosen": chosen,
        "sentence": sentence_of(chosen.name),
        "figure": _figure(assessment, chosen),
        "origin": origin,
        "origins": [("", _("All")), *_origins()],
    }
    return render(request, "applications/effect.html", context)


@login_required
@require_GET
@never_cache
def figure(request: HttpRequest, number: int) -> JsonResponse:
    _application, assessment, factors = _explained(request.user, number)
    wanted = [factor for factor in factors if factor.name == request.GET.get("feature")]
    found = _figure(assessment, wanted[0]) if wanted else None
    return JsonResponse(found.to_json() if found else {}, status=200 if found else 404)


def _explained(person: Person, number: int) -> tuple[Application, Assessment, tuple[Factor, ...]]:
    """Give the application, its assessment and all its factors, the weightiest first; 404 when nothing is explained."""
    application = open_application(person, number)
    assessment = application.current_assessment
    bundle = bundle_of(assessment) if assessment else None
    if assessment is None or bundle is None:
        raise Http404(_("This application has no assessment to explain yet; ask for one first."))
    return application, assessment, read(assessment, bundle, most=_ALL).factors


def _chosen(factors: list[Factor] | tuple[Factor, ...], name: str) -> Factor:
    return next((factor for factor in factors if factor.name == name), factors[0])


def _figure(assessment: Assessment, factor: Factor) -> Effect | None:
    version = assessment.model_version
    return effect(factor, registry.bundle_of(version), model_number=version.number)


def _origins() -> list[tuple[str, str]]:
    return [
        (Origin.APPLICATION, _("The application")),
        (Origin.ELSEWHERE, _("Loans elsewhere")),
        (Origin.HERE, _("Loans with us")),
    ]
