"""How the lab's attempts are told: states, steps, what the population teaches, what a search seeks, and what failed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from applications.templatetags.operation_words import state_class
from modelling.features.feature import Lesson
from modelling.models import Attempt, State
from modelling.sentences import said
from modelling.training.search import Objective
from modelling.training.selection import Selection

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

register = template.Library()

FOLD = re.compile(r"fold (\d+) of (\d+)")
LESSONS: Mapping[Lesson, StrPromise] = {
    Lesson.GROUPS: gettext_lazy("medians among clients of the same occupation, education, sector or contract"),
    Lesson.TERM: gettext_lazy("how long loans of this amount and instalment run"),
    Lesson.LOANS: gettext_lazy("what became of loans on nearly the same terms"),
    Lesson.PREVIOUS: gettext_lazy("how much each previous application looks like those of clients who defaulted"),
    Lesson.BUREAU: gettext_lazy("how much each credit elsewhere looks like those of clients who defaulted"),
    Lesson.NEIGHBOURS: gettext_lazy("how many of the most similar clients defaulted"),
}
SELECTIONS: Mapping[Selection, StrPromise] = {
    Selection.GAIN: gettext_lazy("those that help the trees most"),
    Selection.NULL_IMPORTANCE: gettext_lazy("those that help more than chance would"),
}
OBJECTIVES: Mapping[Objective, StrPromise] = {
    Objective.AUC: gettext_lazy("the best ranking (AUC)"),
    Objective.AP: gettext_lazy("the best ranking of those at risk (PR AUC)"),
    Objective.COST: gettext_lazy("the lowest cost"),
}
MEASURES: Mapping[Objective, StrPromise | str] = {
    Objective.AUC: "AUC",
    Objective.AP: "PR AUC",
    Objective.COST: pgettext_lazy("measure", "Cost an application"),
}
_STEPS: Mapping[str, StrPromise] = {
    "features": gettext_lazy("features computed"),
    "final booster": gettext_lazy("final trees grown"),
    "report": gettext_lazy("quality measured"),
    "fairness": gettext_lazy("fairness measured"),
}


@register.filter
def step_words(step: str) -> str:
    """Say what a step of a training did."""
    if fold := FOLD.fullmatch(step):
        return _("fold %(number)s of %(all)s") % {"number": fold[1], "all": fold[2]}
    return str(_STEPS.get(step, step))


@register.filter
def lesson_words(lesson: str) -> str:
    """Say what the population teaches."""
    return str(LESSONS[Lesson(lesson)])


@register.filter
def selection_words(selection: str) -> str:
    """Say how features are chosen."""
    return str(SELECTIONS[Selection(selection)])


@register.filter
def objective_words(objective: str) -> str:
    """Say what a search seeks."""
    return str(OBJECTIVES[Objective(objective)])


@register.filter
def attempt_pill(attempt: Attempt) -> SafeString:
    """Show how an attempt stands: a word on its colour."""
    return format_html('<span class="pill {}">{}</span>', state_class(attempt.state), attempt.get_state_display())


@register.filter
def failure_words(attempt: Attempt) -> str:
    """Say why an attempt did not come to its end; "" when nothing went wrong."""
    if attempt.state == State.BROKEN_OFF:
        return _("Its process ended before the work was done: it was stopped, or ran out of memory.")
    return told_failure(attempt.failure, attempt.error)


@register.filter
def told_failure(failure: Mapping[str, Any], error: str) -> str:
    """Say what was kept as a sentence and its facts; the error as it was written where none was kept."""
    return (said(failure["sentence"], failure["facts"]) if failure else "") or error
