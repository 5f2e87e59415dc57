"""Recording what a person decides on an application."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.access import Action, require
from applications.errors import StaleAssessmentError
from applications.forms import DecisionForm
from applications.models import Application, Outcome, User
from applications.selectors.application import open_application
from applications.services.decisions import decide as record_decision
from applications.views.application import page_of


@login_required
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    application = open_application(request.user, number)
    require(request.user, Action.DECIDE)
    form = DecisionForm(request.POST)
    if form.is_valid() and _recorded(form, application, request.user):
        messages.success(request, _("Your decision is recorded."))
        return redirect("application", application.pk)
    return render(request, "applications/application.html", page_of(request, application, form), status=400)


def _recorded(form: DecisionForm, application: Application, person: object) -> bool:
    """Record the decision; say in the form why not when the file moved on meanwhile."""
    read = application.assessments.filter(pk=form.cleaned_data["assessment"]).first()
    if read is None or not isinstance(person, User):
        form.add_error(
            None, _("This assessment does not belong to this application. Read the page again, then decide.")
        )
        return False
    try:
        outcome = Outcome(form.cleaned_data["outcome"])
        record_decision(read, actor=person, outcome=outcome, reason=form.cleaned_data["reason"])
    except StaleAssessmentError as error:
        form.add_error(None, str(error))
        return False
    return True
