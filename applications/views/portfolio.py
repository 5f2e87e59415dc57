"""The portfolio of assessed applications, and one application's place in it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.access import Action, find_application, may
from applications.charts.portfolio import Histogram, Placed, histogram
from applications.forms import PortfolioForm
from applications.models import Application, Policy
from applications.selectors.portfolio import Portfolio, portfolio_of


@login_required
@require_GET
@never_cache
def portfolio(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    application = _application(request, form)
    found = portfolio_of(request.user, form.wanted)
    placed = _placed(application, found)
    context = {
        "form": form,
        "portfolio": found,
        "application": application,
        "placed": placed,
        "figure": _figure(found, placed) if found else None,
        "sees_agencies": may(request.user, Action.SEE_ALL_AGENCIES),
        "is_filtered": any(request.GET.values()),
    }
    return render(request, "portfolio/page.html", context)


@login_required
@require_GET
@never_cache
def portfolio_figure(request: HttpRequest) -> JsonResponse:
    form = _form(request)
    application = _application(request, form)
    found = portfolio_of(request.user, form.wanted)
    if found is None:
        return JsonResponse({}, status=404)
    return JsonResponse(_figure(found, _placed(application, found)).to_json())


def _form(request: HttpRequest) -> PortfolioForm:
    form = PortfolioForm(request.GET, person=request.user)
    form.is_valid()  # a filter that makes no sense says so in the form, and is left open
    return form


def _application(request: HttpRequest, form: PortfolioForm) -> Application | None:
    number = form.cleaned_data.get("application")
    return find_application(request.user, int(number)) if number else None


def _placed(application: Application | None, found: Portfolio | None) -> Placed | None:
    if application is None or application.current_assessment is None:
        return None
    probability = application.current_assessment.probability
    return Placed(application.pk, probability, found.share_below(probability) if found else None)


def _figure(found: Portfolio, placed: Placed | None) -> Histogram:
    return histogram(found, Policy.objects.filter(is_active=True).first(), placed)
