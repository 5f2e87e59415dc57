"""How an audit event is shown: what it is about, and its facts on one line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from django import template
from django.apps import apps
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from applications.models import AuditEvent
from applications.templatetags.scoring_format import number, reference

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

register = template.Library()

# Subjects that are no row of ours.
_SUBJECTS: Mapping[str, StrOrPromise] = {
    "snapshot": pgettext_lazy("audit", "snapshot"),
    "backup": pgettext_lazy("audit", "backup"),
}
_FACTS: Mapping[str, StrOrPromise] = {
    "accept_below": gettext_lazy("accept below"),
    "against_advice": pgettext_lazy("audit", "against the advice"),
    "application_version": gettext_lazy("application version"),
    "assessment": gettext_lazy("assessment"),
    "assessments": gettext_lazy("assessments"),
    "bytes": pgettext_lazy("audit", "bytes"),
    "cost_ratio": gettext_lazy("cost of a default, in wrong refusals"),
    "decision": gettext_lazy("decision"),
    "controlled": pgettext_lazy("audit", "controlled features"),
    "digest": gettext_lazy("digest"),
    "error": gettext_lazy("error"),
    "failure": pgettext_lazy("audit", "failure"),
    "fields": pgettext_lazy("audit", "facts changed"),
    "loss_given_default": gettext_lazy("loss given default"),
    "margin": gettext_lazy("margin"),
    "minutes": pgettext_lazy("audit", "minutes"),
    "model_version": gettext_lazy("model version"),
    "name": pgettext_lazy("audit", "name"),
    "note": gettext_lazy("note"),
    "number": gettext_lazy("number"),
    "outcome": pgettext_lazy("audit", "outcome"),
    "policy": gettext_lazy("policy"),
    "probability": gettext_lazy("probability of default"),
    "purpose": gettext_lazy("purpose"),
    "reason": gettext_lazy("reason"),
    "recommendation": gettext_lazy("recommendation"),
    "refuse_from": gettext_lazy("refuse from"),
    "replaced": pgettext_lazy("audit", "instead of number"),
    "request": pgettext_lazy("audit", "request"),
    "requested_by": gettext_lazy("requested by"),
    "role": gettext_lazy("role"),
    "seed": pgettext_lazy("audit", "seed"),
    "snapshot": pgettext_lazy("audit", "snapshot"),
    "rows": pgettext_lazy("audit", "rows"),
    "run": pgettext_lazy("audit", "run"),
    "state": gettext_lazy("state"),
    "strategy": gettext_lazy("strategy"),
    "trials": pgettext_lazy("audit", "trials"),
    "unanswered": pgettext_lazy("audit", "proxies nobody answered for"),
    "version": gettext_lazy("version"),
}


@register.simple_tag
def event_subject(event: AuditEvent) -> str | SafeString:
    """Name what an event is about; what has a page is a link to it."""
    if event.subject_type == "application" and event.subject_id.isdecimal():
        key = int(event.subject_id)
        return format_html('<a href="{}">{}</a>', reverse("application", args=[key]), reference(key))
    if event.subject_type == "model_version" and isinstance(event.data.get("number"), int):
        return _link("model_card", event.data["number"], gettext("Model version %(number)s"))
    if event.subject_type == "promotion_request" and event.subject_id.isdecimal():
        return _link("promotion", int(event.subject_id), gettext("Promotion request %(number)s"))
    if event.subject_type == "training_run" and event.subject_id.isdecimal():
        return _link("training", int(event.subject_id), gettext("Training %(number)s"))
    if event.subject_type == "study" and event.subject_id.isdecimal():
        return _link("study", int(event.subject_id), gettext("Search of settings %(number)s"))
    return f"{capfirst(str(_subjects().get(event.subject_type, event.subject_type)))} {event.subject_id}"


@register.filter
def event_facts(data: Mapping[str, object]) -> str:
    """Write the facts of an event on one line, "name: value", fractions to four digits."""
    return " · ".join(f"{_FACTS.get(name, name)}{_colon()} {_short(value)}" for name, value in data.items())


@cache
def _subjects() -> Mapping[str, StrOrPromise]:
    """Give the name of each table's rows."""
    return {**_SUBJECTS, **{model._meta.db_table: model._meta.verbose_name or "" for model in apps.get_models()}}


def _link(page: str, key: int, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(page, args=[key]), words % {"number": key})


def _colon() -> str:
    # Translators: what stands between the name of a fact and its value.
    return gettext(":")


def _short(value: object) -> object:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if not isinstance(value, float):
        return value
    text = f"{value:.4g}"
    return text if "e" in text else number(value, len(text.partition(".")[2]))
