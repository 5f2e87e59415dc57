"""Asking for a version to be put in force, ruling on it, and going back in one step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from applications.access import Action, may, require
from applications.errors import PromotionError
from applications.forms import ReasonForm, RulingForm
from applications.models import PromotionRequest, PromotionState, User
from applications.selectors.model_versions import find_version
from applications.selectors.promotions import find_request, preview_of
from applications.services import promotions
from applications.services.previews import ask_preview
from applications.tasks import enqueue_preview
from applications.views.model_versions import card_context, list_context
from modelling.errors import ModellingError

REFUSALS = (PromotionError, ModellingError)
# A preview that is longer under way than any task may run was lost with its worker.
PREVIEW_LOST_AFTER = timedelta(minutes=10)


@login_required
@require_POST
def propose(request: HttpRequest, number: int) -> HttpResponse:
    actor = require(request.user, Action.PROPOSE_MODEL)
    version, form = find_version(number), ReasonForm(request.POST)
    if form.is_valid():
        try:
            wish = promotions.request_promotion(version, actor=actor, reason=form.cleaned_data["reason"])
        except REFUSALS as error:
            messages.error(request, str(error))
            return redirect("model_card", number)
        _start_preview(wish)
        messages.success(request, _("Your request is recorded: another person rules on it."))
        return redirect("promotion", wish.pk)
    return render(request, "models/card.html", card_context(request, version, form))


@login_required
@require_GET
@never_cache
def show(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    return render(request, "models/promotion.html", _context(request, find_request(number), RulingForm()))


@login_required
@require_POST
def rule(request: HttpRequest, number: int) -> HttpResponse:
    actor = require(request.user, Action.RULE_ON_MODEL)
    wish, form = find_request(number), RulingForm(request.POST)
    if form.is_valid() and _ruled(request, wish, form, actor):
        return redirect("promotion", wish.pk)
    return render(request, "models/promotion.html", _context(request, find_request(number), form))


@login_required
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    actor = require(request.user, Action.PROPOSE_MODEL)
    try:
        promotions.withdraw(find_request(number), actor=actor)
        messages.success(request, _("The request is withdrawn."))
    except PromotionError as error:
        messages.error(request, str(error))
    return redirect("promotion", number)


@login_required
@require_POST
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """Have the preview made, or made again."""
    require(request.user, Action.PROPOSE_MODEL)
    wish = find_request(number)
    if wish.state == PromotionState.OPEN and not _is_under_way(wish):
        _start_preview(wish)
    return redirect("promotion", number)


@login_required
@require_GET
@never_cache
def preview_state(request: HttpRequest, number: int) -> HttpResponse:
    """Say nothing while the preview is under way; reload the page when it has ended."""
    require(request.user, Action.READ_MODELS)
    is_under_way = _is_under_way(find_request(number))
    return HttpResponse(status=204, headers={} if is_under_way else {"HX-Refresh": "true"})


@login_required
@require_POST
def roll_back(request: HttpRequest) -> HttpResponse:
    actor = require(request.user, Action.RULE_ON_MODEL)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            restored = promotions.roll_back(actor=actor, reason=form.cleaned_data["reason"])
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            said = _("Version %(number)s is in force again.") % {"number": restored.number}
            messages.success(request, said)
            return redirect("model_versions")
    return render(request, "models/list.html", list_context(request, form))


def _ruled(request: HttpRequest, wish: PromotionRequest, form: RulingForm, actor: User) -> bool:
    """Rule as the form says; say in the form why not when it cannot be."""
    reason = form.cleaned_data["reason"]
    try:
        if form.cleaned_data["ruling"] == RulingForm.APPROVE:
            version = promotions.approve(wish, actor=actor, reason=reason)
            said = _("Version %(number)s is now in force.") % {"number": version.number}
        else:
            promotions.refuse(wish, actor=actor, reason=reason)
            said = _("The request is refused; nothing changes.")
    except REFUSALS as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, said)
    return True


def _start_preview(wish: PromotionRequest) -> None:
    ask_preview(wish)
    enqueue_preview(wish.pk)


def _is_under_way(wish: PromotionRequest) -> bool:
    if wish.preview is not None or wish.preview_error or wish.preview_asked_at is None:
        return False
    return timezone.now() - wish.preview_asked_at < PREVIEW_LOST_AFTER


def _context(request: HttpRequest, wish: PromotionRequest, form: Form) -> dict[str, Any]:
    is_open, is_own = wish.state == PromotionState.OPEN, wish.requested_by_id == request.user.pk
    return {
        "wish": wish,
        "form": form,
        "is_open": is_open,
        "is_under_way": _is_under_way(wish),
        "may_rule": is_open and not is_own and may(request.user, Action.RULE_ON_MODEL),
        "may_withdraw": is_open and is_own,
        "may_preview": may(request.user, Action.PROPOSE_MODEL),
        "preview": preview_of(wish),
    }
