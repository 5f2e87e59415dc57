"""One client compared with others by one feature: bars, boxes by outcome, and rows of the group."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.charts.boxes import Boxes, boxes_by_outcome
from applications.charts.distribution import Distribution, distribution, size_words
from applications.charts.peers import PeerRows, sample_rows, similar_rows
from applications.charts.variables import Variable
from applications.selectors.application import open_application
from applications.views.comparing import Comparing, comparing, comparing_or_404

BESIDE = 4  # variables drawn by outcome beside the chosen one


@login_required
@require_GET
@never_cache
def compare(request: HttpRequest, number: int) -> HttpResponse:
    application = open_application(request.user, number)
    found = comparing(request, application)
    if found is None:
        return render(request, "applications/compare.html", {"application": application})
    variable = found.variable(request.GET.get("by", ""))
    context = {**found.context, "variable": variable, "own_text": variable.write(found.values.get(variable.name))}
    if not found.is_too_small:
        figure = _bars(found, variable)
        context |= {"figure": figure, "size": size_words(figure), "boxes": _boxes(found, variable)}
        context |= {"by_outcome": _by_outcome(found, variable), "peers": _peers(found, variable)}
    return render(request, "applications/compare.html", context)


@login_required
@require_GET
@never_cache
def compare_figure(request: HttpRequest, number: int, chart: str) -> JsonResponse:
    found = comparing_or_404(request, number)
    draw = {"distribution": _bars, "boxes": _boxes}.get(chart)
    figure = draw(found, found.variable(request.GET.get("by", ""))) if draw else None
    return JsonResponse(figure.to_json() if figure else {}, status=200 if figure else 404)


def _bars(found: Comparing, variable: Variable) -> Distribution:
    return distribution(found.population, found.group.mask, variable, found.values.get(variable.name))


def _boxes(found: Comparing, variable: Variable) -> Boxes | None:
    if variable.levels is not None:
        return None
    own = found.values.get(variable.name)
    return boxes_by_outcome(found.population, found.group.mask, variable, own, least=found.least)


def _by_outcome(found: Comparing, chosen: Variable) -> list[tuple[Variable, Boxes]]:
    """Return boxes of the numbers that weigh most for the client, beside the one he chose."""
    numbers = (each for each in found.weightiest if each.levels is None and each.unit != "flag")
    others = [each for each in numbers if each.name != chosen.name]
    drawn = ((each, _boxes(found, each)) for each in others[:BESIDE])
    return [(each, figure) for each, figure in drawn if figure and any(box.quantiles for box in figure.boxes)]


def _peers(found: Comparing, variable: Variable) -> PeerRows:
    if found.group.similar is not None:
        return similar_rows(found.person, found.population, found.group.similar, found.values, variable)
    mask = found.group.mask
    return sample_rows(found.person, found.population, mask, variable, seed=found.application.pk)
