"""A new application: begin one, write it down at one's own pace, submit it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from applications.access import Action, find_application, require, visible_drafts
from applications.fact_forms import NewApplicationForm
from applications.forms import EarlierApplicationForm
from applications.models import Draft, User
from applications.selectors.drafts import draft_of, newest_application
from applications.services import drafts
from applications.tasks import enqueue


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the drafts one keeps; begin another, of a new client or of the one of an earlier application."""
    person = require(request.user, Action.REQUEST_ASSESSMENT)
    form = EarlierApplicationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["earlier"]
        earlier = find_application(person, int(number)) if number else None
        try:
            return redirect("draft", drafts.begin_draft(person, earlier=earlier).pk)
        except ValidationError as error:
            messages.error(request, error.messages[0])
    status = 400 if form.is_bound else 200
    context = {"form": form, "drafts": visible_drafts(person)}
    return render(request, "intake/new.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Show the questions of a draft; keep what is answered, and submit it when asked to."""
    person = require(request.user, Action.REQUEST_ASSESSMENT)
    found = draft_of(person, number)
    if found is None:
        return redirect("application", find_application(person, number).pk)  # it was submitted
    form = NewApplicationForm(request.POST or None, initial=found.answers, person=person, today=timezone.localdate())
    if request.method == "GET":
        return _page(request, found, form)
    drafts.keep_draft(found, form.answers())
    if "submit" in request.POST:
        return _submit(request, found, form)
    if request.headers.get("HX-Request"):
        return render(request, "intake/_kept.html", _kept(found, form))
    messages.success(request, _("The draft is kept."))
    return redirect("draft", found.pk)


@login_required
@require_POST
def delete(request: HttpRequest, number: int) -> HttpResponse:
    get_object_or_404(visible_drafts(request.user), pk=number).delete()
    messages.success(request, _("The draft is deleted."))
    return redirect("new_application")


def _submit(request: HttpRequest, found: Draft, form: NewApplicationForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, found, form, status=400)
    if form.agency is None:
        form.add_error(None, _("You belong to no agency, so this application cannot go to one."))
        return _page(request, found, form, status=400)
    try:
        drafts.submit_draft(found, facts=form.facts(), agency=form.agency, at=timezone.localtime())
    except Draft.DoesNotExist:
        return redirect("draft", found.number)
    enqueue([found.number])
    messages.success(request, _("The application is taken in; its assessment appears here by itself."))
    return redirect("application", found.number)


def _page(request: HttpRequest, found: Draft, form: NewApplicationForm, status: int = 200) -> HttpResponse:
    earlier = newest_application(cast("User", request.user), found.client_id) if found.client_id else None
    context = {**_kept(found, form), "form": form, "sections": list(form.sections()), "earlier": earlier}
    return render(request, "intake/draft.html", context, status=status)


def _kept(found: Draft, form: NewApplicationForm) -> dict[str, Any]:
    return {"draft": found, "missing": form.missing(found.answers)}
