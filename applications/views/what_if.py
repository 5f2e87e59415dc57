"""What if: try other facts on an application and read what the machine would say; keep that as a note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applications.access import Action, may, require
from applications.charts.advice import advice_of
from applications.charts.comparison import compare
from applications.errors import NoPolicyError
from applications.fact_forms import FactsForm, editable_facts, locked_facts
from applications.models import Application, Assessment, User
from applications.selectors.application import open_application
from applications.services import what_if as service
from modelling import registry
from modelling.errors import ModellingError

_TEXT_LENGTH = 300


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest, number: int) -> HttpResponse:
    """Show the form and, beside the advice that counts, that of the facts tried out; nothing is stored but a note."""
    application = open_application(request.user, number)
    if application.current_assessment is None:
        messages.info(request, _("This application has no assessment to start from yet."))
        return redirect("application", number)
    try:
        return _answer(request, application, application.current_assessment)
    except (ModellingError, NoPolicyError):
        messages.error(request, _("No model version or policy is in force, so nothing can be tried out now."))
        return redirect("application", number)


def _answer(request: HttpRequest, application: Application, current: Assessment) -> HttpResponse:
    names = editable_facts(registry.bundle_of(registry.champion()))
    form = FactsForm.about(application, names, request.POST or None)
    if request.method == "GET":
        limits = service.limits_for(application, current)
        return _page(request, {**_shown(request, application, form, current), "limits": limits})
    if not form.is_valid():
        return _page(request, _shown(request, application, form, None), status=400)
    changes = form.changes()
    tried = service.try_out(application, changes)
    if request.POST.get("keep") and changes:
        return _keep(request, application, tried, changes)
    return _page(request, {**_shown(request, application, form, tried), "changes": changes})


def _keep(
    request: HttpRequest, application: Application, tried: Assessment, changes: Mapping[str, Any]
) -> HttpResponse:
    require(request.user, Action.DECIDE)
    text = request.POST.get("text", "").strip()[:_TEXT_LENGTH]
    service.keep_note(application, tried, changes=changes, author=cast("User", request.user), text=text)
    messages.success(request, _("The trial is kept as a note; the file and its assessment stay as they are."))
    return redirect("what_if", application.pk)


def _shown(
    request: HttpRequest, application: Application, form: FactsForm, tried: Assessment | None
) -> dict[str, object]:
    current = cast("Assessment", application.current_assessment)
    advice = advice_of(current)
    other = advice_of(tried) if tried else None
    return {
        "application": application,
        "form": form,
        "current": advice,
        "tried": other,
        "comparison": compare(advice, other) if advice and other else None,
        "locked": locked_facts(),
        "may_keep": may(request.user, Action.DECIDE),
        "notes": application.what_if_notes.select_related("author")[:10],
    }


def _page(request: HttpRequest, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    is_partial = bool(request.headers.get("HX-Request"))
    template = "applications/_what_if_result.html" if is_partial else "applications/what_if.html"
    return render(request, template, dict(context), status=status)
