"""One application: its page, the state its page waits on, and asking for its assessment."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from applications.access import Action, Person, find_application, may, require
from applications.charts.advice import FACTOR_COUNTS, Advice, Choices, FactorView, advice_of, bundle_of
from applications.charts.reading import read
from applications.charts.waterfall import Waterfall, waterfall
from applications.forms import DecisionForm
from applications.models import Application, Stage
from applications.selectors import application as selectors
from applications.selectors.facts import USUAL, facts_of
from applications.selectors.listing import next_to_decide
from applications.selectors.policies import policies_to_compare
from applications.selectors.preferences import preferences_of
from applications.selectors.state import assessment_state, open_request
from applications.services.assessment import request_assessments
from applications.tasks import enqueue

logger = logging.getLogger(__name__)


@login_required
@require_GET
@never_cache
def show(request: HttpRequest, number: int) -> HttpResponse:
    application = selectors.open_application(request.user, number)
    form = DecisionForm(initial={"assessment": application.current_assessment_id})
    return render(request, "applications/application.html", page_of(request, application, form))


@login_required
@require_GET
@never_cache
def state(request: HttpRequest, number: int) -> HttpResponse:
    """Say how the assessment stands; nothing new is 204, an end reloads the page."""
    application = selectors.open_without_facts(request.user, number)
    current = assessment_state(application)
    if current == request.GET.get("seen"):
        return HttpResponse(status=204)
    if not current.is_waiting:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "applications/_waiting.html", {"application": application, "state": current})


@login_required
@require_POST
def assess(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for an assessment of the facts as they are, again if the last attempt failed."""
    application = find_application(request.user, number)
    require(request.user, Action.REQUEST_ASSESSMENT)
    request_assessments([application.pk])
    enqueue([application.pk])
    return redirect("application", application.pk)


@login_required
@require_GET
@never_cache
def waterfall_figure(request: HttpRequest, number: int) -> JsonResponse:
    application = selectors.open_without_facts(request.user, number)
    assessment, chosen = application.current_assessment, _choices(request)
    bundle = bundle_of(assessment) if assessment else None
    if assessment is None or bundle is None:
        return JsonResponse({}, status=404)
    reading = read(assessment, bundle, most=chosen.factors, is_folded=chosen.is_folded)
    return JsonResponse(waterfall(reading, model_number=assessment.model_version.number).to_json())


def page_of(request: HttpRequest, application: Application, form: DecisionForm) -> dict[str, Any]:
    """Return what the application's page shows, for the page itself and for a decision that has to be corrected."""
    chosen = _choices(request)
    advice = advice_of(application.current_assessment, policies_to_compare(), chosen)
    pending = open_request(application)
    return {
        "application": application,
        "fact_groups": facts_of(application, preferences_of(request.user).client_fields or USUAL),
        "credit_history": selectors.credit_history_of(application.client_id),
        "history": selectors.history_of(application),
        "state": assessment_state(application),
        "failure": pending.get_failure_display() if pending else "",
        "failure_facts": pending.failure_facts if pending else {},
        "advice": advice,
        "form": form,
        "may_decide": may(request.user, Action.DECIDE),
        "may_assess": may(request.user, Action.REQUEST_ASSESSMENT),
        "chosen": chosen,
        "factor_counts": FACTOR_COUNTS,
        "waterfall": _waterfall_of(advice) if chosen.view is FactorView.WATERFALL else None,
        **_after_decision(request.user, application),
    }


def _waterfall_of(advice: Advice | None) -> Waterfall | None:
    if advice is None or advice.explanation is None:
        return None
    return waterfall(advice.explanation.reading, model_number=advice.assessment.model_version.number)


def _after_decision(person: Person, application: Application) -> dict[str, Any]:
    is_decided = application.stage in {Stage.ACCEPTED, Stage.REFUSED, Stage.AWAITING_DOCUMENT}
    return {
        "is_decided": is_decided,
        "next_number": next_to_decide(person, after=application.pk) if is_decided else None,
    }


def _choices(request: HttpRequest) -> Choices:
    """Read what the reader chose to see; what makes no sense is as if it were not said."""
    said = request.GET
    factors, view = said.get("factors", ""), said.get("view", "")
    return Choices(
        factors=int(factors) if factors in {str(count) for count in FACTOR_COUNTS} else FACTOR_COUNTS[0],
        view=FactorView(view) if view in set(FactorView) else FactorView.BARS,
        is_folded=said.get("scores") == "folded",
        strategy=said.get("strategy", ""),
    )
