"""The client's credits through time."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.charts.timeline import timeline
from applications.selectors.application import open_application
from applications.selectors.credit_timeline import credit_timeline_of


@login_required
@require_GET
@never_cache
def credit_history(request: HttpRequest, number: int) -> HttpResponse:
    application = open_application(request.user, number)
    figure = timeline(credit_timeline_of(application.client_id))
    return render(request, "applications/credit_history.html", {"application": application, "timeline": figure})
