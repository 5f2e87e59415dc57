"""Two features together, over all clients or a group, with the client's own place."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.charts.guided import guided_in
from applications.charts.pairs import MOST_DOTS, Pair, Two, pair_of
from applications.selectors.application import open_application
from applications.selectors.peers import sees_all_of
from applications.views.comparing import Comparing, comparing, comparing_or_404


@login_required
@require_GET
@never_cache
def pairs(request: HttpRequest, number: int) -> HttpResponse:
    application = open_application(request.user, number)
    found = comparing(request, application)
    if found is None:
        return render(request, "applications/pairs.html", {"application": application})
    two = _two(request, found)
    guided = guided_in(found.population)
    hints = [each.hint for each in guided if (each.x, each.y) == (two.x.name, two.y.name)]
    context = {**found.context, "two": two, "guided": guided, "hint": next(iter(hints), "")}
    if not found.is_too_small:
        context |= {"pair": pair_of(two)}
    return render(request, "applications/pairs.html", context)


@login_required
@require_GET
@never_cache
def pairs_figure(request: HttpRequest, number: int) -> JsonResponse:
    found = comparing_or_404(request, number)
    return JsonResponse(_pair(request, found).figure.to_json())


def _pair(request: HttpRequest, found: Comparing) -> Pair:
    return pair_of(_two(request, found))


def _two(request: HttpRequest, found: Comparing) -> Two:
    first, *_others = guided_in(found.population)
    x = found.variable(request.GET.get("x", ""), first.x)
    y = found.variable(request.GET.get("y", ""), first.y)
    return Two(
        population=found.population,
        mask=found.group.mask,
        x=x,
        y=y,
        own_x=found.values.get(x.name),
        own_y=found.values.get(y.name),
        least=found.least,
        shows_dots=sees_all_of(found.person, found.population, found.group.mask, most=MOST_DOTS),
    )
