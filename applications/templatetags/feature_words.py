"""How a column or feature is told: in the reader's language, with its unit, its table and what the law says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from applications.selectors.dictionary import KEY_UNIT, table_models
from applications.templatetags import scoring_format
from modelling.features.catalogue import LegalStatus, Words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

register = template.Library()

# By the words of both unit enums, the office's and the lab's.
UNITS: Mapping[str, StrPromise] = {
    "euros": gettext_lazy("Euros"),
    "share": pgettext_lazy("unit", "Share"),
    "ratio": pgettext_lazy("unit", "Ratio"),
    "count": pgettext_lazy("unit", "Number"),
    "score": pgettext_lazy("unit", "Score without unit"),
    "flag": pgettext_lazy("unit", "Yes or no"),
    "category": pgettext_lazy("unit", "Category"),
    "days": pgettext_lazy("unit", "Days"),
    "months": pgettext_lazy("unit", "Months"),
    "years": pgettext_lazy("unit", "Years"),
    "days_to_date": pgettext_lazy("unit", "Date, in days from the application"),
    "months_to_date": pgettext_lazy("unit", "Month, counted from the application"),
    "hour": pgettext_lazy("unit", "Hour of the day"),
    KEY_UNIT: pgettext_lazy("unit", "Key of a row"),
}
STATUSES: Mapping[LegalStatus, StrPromise] = {
    LegalStatus.ADMITTED: pgettext_lazy("legal status", "Admitted"),
    LegalStatus.CONTROLLED: pgettext_lazy("legal status", "Controlled"),
    LegalStatus.BARRED: pgettext_lazy("legal status", "Barred"),
}
_WRITERS = {"euros": scoring_format.euros, "share": scoring_format.short_percent}


@register.filter
def in_language(words: Words) -> str:
    """Return the words in the reader's language; French unless English was chosen."""
    return words.en if (get_language() or "fr").startswith("en") else words.fr


@register.filter
def in_other_language(words: Words) -> str:
    """Return the words in the language that is not the reader's."""
    return words.fr if in_language(words) == words.en else words.en


@register.filter
def unit_words(unit: str) -> str:
    """Say a unit; a number that counts nothing has none."""
    return str(UNITS[unit]) if unit in UNITS else scoring_format.MISSING


@register.filter
def table_words(table: str) -> str:
    """Say what a table holds: "Bureau credits"."""
    return capfirst(str(table_models()[table]._meta.verbose_name_plural))


@register.filter
def status_pill(status: LegalStatus | None) -> SafeString | str:
    """Show what the law lets a model do with a feature: a word on its colour; a dash for what no model could read."""
    if status is None:
        return scoring_format.MISSING
    return format_html('<span class="pill {}">{}</span>', status.value, STATUSES[status])


@register.simple_tag
def range_words(low: float | None, high: float | None, unit: str) -> str:
    """Say a plausible range, "from 0 to 1"; "" where nothing bounds it."""
    write = _WRITERS.get(unit, scoring_format.plain)
    if low is not None and high is not None:
        return gettext("from %(low)s to %(high)s") % {"low": write(low), "high": write(high)}
    if low is not None:
        return gettext("at least %(low)s") % {"low": write(low)}
    return gettext("at most %(high)s") % {"high": write(high)} if high is not None else ""
