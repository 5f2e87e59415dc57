"""Drift: the newest report or an earlier one, one feature of it, and the report as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from applications.access import Action, may, require
from applications.charts.drift import bars_of, index_of, label_of, lines_of, trend
from applications.models import Alert, User
from applications.selectors import drift as selectors
from applications.services import alerting
from applications.tasks import enqueue_drift
from modelling.models import DriftFinding, DriftReport


@login_required
@require_GET
@never_cache
def drift(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    return render(request, "drift/drift.html", _page(request, selectors.report_by_number(None)))


@login_required
@require_GET
@never_cache
def report(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    return render(request, "drift/drift.html", _page(request, _found(number)))


@login_required
@require_GET
def feature(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Show how one feature was distributed in training and is now."""
    require(request.user, Action.READ_MODELS)
    finding = get_object_or_404(DriftFinding.objects.select_related("report__version"), report=number, feature=name)
    past = selectors.trend_of_feature(finding)
    context = {
        "finding": finding,
        "report": finding.report,
        "label": label_of(name),
        "index": index_of(finding.psi),
        "bars": bars_of(finding),
        "past": past,
        "trend": trend([each.psi for each in past]),
    }
    return render(request, "drift/feature.html", context)


@login_required
@require_GET
def export(request: HttpRequest, number: int) -> HttpResponse:
    """Give the report as one file that needs nothing else: to be kept or sent."""
    require(request.user, Action.READ_MODELS)
    found = _found(number)
    lines = [(line, bars_of(line.finding)) for line in lines_of(selectors.findings_of(found))]
    body = render_to_string("drift/export.html", {"report": found, "score": index_of(found.score_psi), "lines": lines})
    return HttpResponse(body, headers={"Content-Disposition": f'attachment; filename="drift-{found.pk}.html"'})


@login_required
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    """Have drift measured now instead of tonight."""
    require(request.user, Action.PROPOSE_MODEL)
    enqueue_drift()
    messages.info(request, _("Drift is being measured; the report appears here in a minute or two."))
    return redirect("drift")


@login_required
@require_POST
def see(request: HttpRequest, number: int) -> HttpResponse:
    """Note that somebody has seen an alert."""
    require(request.user, Action.PROPOSE_MODEL)
    assert isinstance(request.user, User)  # noqa: S101  nobody else may
    alerting.see(get_object_or_404(Alert, pk=number), actor=request.user)
    return redirect("drift")


def _found(number: int) -> DriftReport:
    found = selectors.report_by_number(number)
    if found is None:
        raise Http404(_("There is no such report."))
    return found


def _page(request: HttpRequest, shown: DriftReport | None) -> dict[str, Any]:
    can_act = may(request.user, Action.PROPOSE_MODEL)
    context: dict[str, Any] = {"may_act": can_act, "alerts": selectors.unseen_alerts()}
    if shown is None:
        return context
    past = selectors.trend_of_score(shown)
    return context | {
        "report": shown,
        "score": index_of(shown.score_psi),
        "lines": lines_of(selectors.findings_of(shown)),
        "past": past,
        "trend": trend([each.score_psi for each in past]),
    }
