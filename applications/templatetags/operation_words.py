"""How queues, runs and lengths of time are told on the pages for whoever keeps the product running."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from applications.models import AssessmentRun, RequestState
from applications.templatetags.scoring_format import MISSING, SPACE, number

register = template.Library()

QUEUE_WORDS = {
    "interactive": gettext_lazy("What people wait for"),
    "book": gettext_lazy("The book and long tasks"),
    "lab": gettext_lazy("Trainings and searches of settings"),
}
REQUEST_WORDS = {
    RequestState.QUEUED: gettext_lazy("waiting"),
    RequestState.RUNNING: gettext_lazy("under way"),
    RequestState.FAILED: gettext_lazy("failed"),
    RequestState.CANCELLED: gettext_lazy("cancelled"),
}
# Colours say the same as the words: blue is well, violet waits, orange went wrong.
STATE_CLASSES = {"done": "accept", "paused": "refer", "cancelled": "refer", "broken_off": "refer", "failed": "refuse"}


@register.filter
def brief(length: timedelta | float | None) -> str:
    """Write a short length of time, given as such or in seconds: "12 s", "3 min 20 s", "2 h 05 min"."""
    if length is None:
        return MISSING
    seconds = round(length.total_seconds() if isinstance(length, timedelta) else length)
    minutes, hours = seconds // 60, seconds // 3600
    if hours >= 48:
        return gettext("%(days)s days") % {"days": number(hours // 24)}
    if hours:
        return f"{hours}{SPACE}h{SPACE}{minutes % 60:02}{SPACE}min"
    return f"{minutes}{SPACE}min{SPACE}{seconds % 60:02}{SPACE}s" if minutes else f"{seconds}{SPACE}s"


@register.filter
def time_taken(run: AssessmentRun) -> str:
    """Write how long a run took, or has taken so far."""
    return brief((run.finished_at or timezone.now()) - run.started_at)


@register.filter
def state_class(state: str) -> str:
    """Return the colour of a state's pill."""
    return STATE_CLASSES.get(state, "")


@register.filter
def queue_words(queue: str) -> str:
    """Say what a queue is for."""
    return str(QUEUE_WORDS.get(queue, queue))


@register.filter
def request_words(state: str) -> str:
    """Say how requests stand."""
    return str(REQUEST_WORDS[RequestState(state)])
