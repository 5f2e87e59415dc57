"""How an audit event is shown: what it is about, and its facts on one line."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from applications.models import AuditEvent
from applications.templatetags.scoring_format import reference

register = template.Library()


@register.simple_tag
def event_subject(event: AuditEvent) -> str | SafeString:
    """Name what an event is about; an application is a link to its page."""
    if event.subject_type == "application" and event.subject_id.isdecimal():
        number = int(event.subject_id)
        return format_html('<a href="{}">{}</a>', reverse("application", args=[number]), reference(number))
    return f"{event.subject_type} {event.subject_id}"


@register.filter
def event_facts(data: Mapping[str, object]) -> str:
    """Write the facts of an event on one line, "name: value", fractions to four digits."""
    return " · ".join(f"{name}: {_short(value)}" for name, value in data.items())


def _short(value: object) -> object:
    return f"{value:.4g}" if isinstance(value, float) else value
