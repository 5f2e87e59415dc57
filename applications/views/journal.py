"""The audit log, to be read."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.access import Action, require
from applications.forms import JournalForm
from applications.models import Kind
from applications.selectors.journal import journal_page


@login_required
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.READ_AUDIT)
    form = JournalForm(request.GET)
    form.is_valid()  # a filter that makes no sense says so in the form, and is left open
    page = journal_page(
        application=int(form.cleaned_data.get("number") or 0) or None,
        kind=Kind(form.cleaned_data["kind"]) if form.cleaned_data.get("kind") else None,
        before=form.cleaned_data.get("before"),
    )
    older = request.GET.copy()
    older["before"] = str(page.next_before)
    context = {"form": form, "page": page, "older": older.urlencode(), "is_later_page": "before" in request.GET}
    return render(request, "applications/journal.html", context)
