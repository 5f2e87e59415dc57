"""How a model version treats groups of clients, and the notes by which people answer for its proxies."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from applications.access import Action, may, require
from applications.errors import ProxyError
from applications.forms import ProxyNoteForm
from applications.selectors.fairness import Fairness, fairness_of
from applications.selectors.model_versions import find_version
from applications.services.proxies import note_proxies
from modelling.models import ModelVersion


@login_required
@require_GET
@never_cache
def show(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    version = find_version(number)
    found = fairness_of(version)
    return _page(request, version, found, ProxyNoteForm(names=_open_names(found)))


@login_required
@require_POST
def note(request: HttpRequest, number: int) -> HttpResponse:
    actor = require(request.user, Action.PROPOSE_MODEL)
    version = find_version(number)
    found = fairness_of(version)
    form = ProxyNoteForm(request.POST, names=_open_names(found))
    if form.is_valid():
        try:
            notes = note_proxies(version, actor=actor, **form.cleaned_data)
        except ProxyError as error:
            form.add_error(None, str(error))
        else:
            said = _("Your note is kept, with your name, for %(count)s features.") % {"count": len(notes)}
            messages.success(request, said)
            return redirect("model_fairness", number)
    return _page(request, version, found, form)


def _open_names(found: Fairness | None) -> list[str]:
    return [proxy.feature for proxy in found.unanswered] if found else []


def _page(request: HttpRequest, version: ModelVersion, found: Fairness | None, form: ProxyNoteForm) -> HttpResponse:
    context = {
        "version": version,
        "fairness": found,
        "form": form,
        "may_note": may(request.user, Action.PROPOSE_MODEL),
    }
    return render(request, "models/fairness.html", context)
