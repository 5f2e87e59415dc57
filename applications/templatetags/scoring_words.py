"""How a value with its unit, and a state, is said in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, gettext_noop, pgettext, pgettext_lazy

from applications.categories import category_label
from applications.models import Decision, Outcome, Recommendation
from applications.templatetags import scoring_format

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

register = template.Library()

FULL, EMPTY, MOST = "●", "○", 4
STRENGTHS = (gettext_noop("slight"), gettext_noop("medium"), gettext_noop("strong"), gettext_noop("very strong"))

ADVICE: Mapping[Recommendation, StrPromise] = {
    Recommendation.ACCEPT: pgettext_lazy("advice", "Grant"),
    Recommendation.REFER: pgettext_lazy("advice", "To be examined"),
    Recommendation.REFUSE: pgettext_lazy("advice", "Refuse"),
}
_DECIDED: Mapping[Outcome, StrPromise] = {
    Outcome.ACCEPT: gettext_lazy("Loan granted"),
    Outcome.ASK_DOCUMENT: gettext_lazy("Document asked for"),
    Outcome.REFUSE: gettext_lazy("Loan refused"),
}
_AGAINST: Mapping[Outcome, StrPromise] = {
    Outcome.ACCEPT: gettext_lazy("Loan granted against an unfavourable advice"),
    Outcome.REFUSE: gettext_lazy("Loan refused against a favourable advice"),
}


def _flag(value: float) -> str:
    return gettext("Yes") if value else gettext("No")


def _hour(value: float) -> str:
    return gettext("%(hour)s:00") % {"hour": f"{value:.0f}"}


def _times(value: float) -> str:
    return f"{scoring_format.number(value, 2)}{scoring_format.SPACE}×"


def _whole(value: float) -> str:
    return scoring_format.number(value, 0 if float(value).is_integer() else 1)


def _score(value: float) -> str:
    return scoring_format.number(value, 2)


def _signed(write: Callable[[float], str]) -> Callable[[float], str]:
    """Write a length of time that is counted from a day, so that it can lie before: "−3 years"."""
    return lambda value: f"{scoring_format.MINUS if value < 0 else ''}{write(value)}"


# By the words of both unit enums, the office's and the lab's.
WRITERS: Mapping[str, Callable[[float], str]] = {
    "euros": scoring_format.euros,
    "days": _signed(scoring_format.duration),
    "days_to_date": scoring_format.duration,
    "months": _signed(scoring_format.months),
    "months_to_date": scoring_format.months,
    "years": _signed(scoring_format.years),
    "share": scoring_format.percent,
    "ratio": _times,
    "hour": _hour,
    "flag": _flag,
    "score": _score,
    "normalised": _score,
    "count": _whole,
}


@register.filter
def quantity(value: float | str | None, unit: str) -> str:
    """Write a number with its unit; words come as they are, in the reader's language already."""
    if isinstance(value, str):
        return value
    if value is None or math.isnan(value):
        return pgettext("category", "not given")
    return WRITERS.get(str(unit), scoring_format.plain)(value)


@register.filter
def category(value: str | None, column: str) -> str:
    """Say a published word of a column."""
    return category_label(column, value) if value else pgettext("category", "not given")


@register.filter
def strength_word(strength: int) -> str:
    """Say a strength from 1 to 4."""
    return gettext(STRENGTHS[strength - 1])


@register.filter
def dots(strength: int) -> SafeString:
    """Draw a strength from 1 to 4 as dots; the word beside them says it to a screen reader."""
    return format_html('<span class="dots" aria-hidden="true">{}{}</span>', FULL * strength, EMPTY * (MOST - strength))


@register.filter
def recommendation_pill(recommendation: str) -> SafeString:
    """Show what the machine advises: a word on its colour."""
    return format_html('<span class="pill {}">{}</span>', recommendation, ADVICE[Recommendation(recommendation)])


@register.filter
def advice_word(recommendation: str) -> str:
    """Say what the machine advises, inside a sentence."""
    return str(ADVICE[Recommendation(recommendation)]).lower()


@register.filter
def decision_words(decision: Decision) -> str:
    """Say what was decided; against the advice by what it does: "granted against an unfavourable advice"."""
    words = _AGAINST if decision.goes_against_advice else _DECIDED
    return str(words[Outcome(decision.outcome)])
