"""The register of model versions: the list, a version's card, its Markdown and its bundle."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from applications.access import Action, may, require
from applications.forms import ReasonForm
from applications.selectors import model_versions as selectors
from applications.selectors.fairness import unanswered_proxies
from applications.selectors.promotions import open_requests
from applications.services.downloads import take_bundle
from modelling import registry
from modelling.models import ModelVersion

PAGE_SIZE = 25


@login_required
@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    return render(request, "models/list.html", list_context(request, ReasonForm()))


@login_required
@require_GET
def card(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    version = selectors.find_version(number)
    return render(request, "models/card.html", card_context(request, version, ReasonForm()))


@login_required
@require_GET
def card_markdown(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_MODELS)
    version = selectors.find_version(number)
    text = render_to_string("models/card.txt", _markdown_context(version))
    name = f"model-version-{version.number}.md"
    return HttpResponse(
        text,
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_POST
def bundle(request: HttpRequest, number: int) -> HttpResponse:
    """Hand the bundle out; by POST, because it is recorded."""
    actor = require(request.user, Action.DOWNLOAD_BUNDLE)
    version = selectors.find_version(number)
    content = take_bundle(version, actor=actor)
    headers = {
        "Content-Disposition": f'attachment; filename="model-version-{version.number}-{version.digest[:16]}.zip"',
        "X-Bundle-Digest": version.digest,
    }
    return HttpResponse(content, content_type="application/zip", headers=headers)


def _markdown_context(version: ModelVersion) -> dict[str, Any]:
    found = selectors.card_of(version)
    return {"card": found, "quality": found.quality}


def list_context(request: HttpRequest, form: ReasonForm) -> dict[str, Any]:
    """Return what the list shows, for the list itself and for a rollback that has to be corrected."""
    page = Paginator(selectors.model_versions(), PAGE_SIZE).get_page(request.GET.get("page"))
    before, champion = registry.champion_before(), selectors.version_in_force()
    return {
        "page": page,
        "requests": open_requests(),
        "before": before if champion and may(request.user, Action.RULE_ON_MODEL) else None,
        "champion": champion,
        "unanswered": (unanswered_proxies(champion) or ()) if champion else (),
        "form": form,
    }


def card_context(request: HttpRequest, version: ModelVersion, form: ReasonForm) -> dict[str, Any]:
    """Return what the card shows, for the card itself and for a request that has to be corrected."""
    found = selectors.card_of(version)
    can_be_asked_for = version.state != ModelVersion.State.CHAMPION and found.open_request is None
    return {
        "card": found,
        "quality": found.quality,
        "form": form,
        "may_propose": can_be_asked_for and may(request.user, Action.PROPOSE_MODEL),
        "may_download": may(request.user, Action.DOWNLOAD_BUNDLE),
    }
