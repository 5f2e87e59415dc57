"""How protected attributes and their groups are said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from applications.categories import category_label
from applications.templatetags.feature_words import in_language
from modelling.features.catalogue import CATALOGUE

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

register = template.Library()

ATTRIBUTES: Mapping[str, StrPromise] = {
    "sex": pgettext_lazy("protected", "sex"),
    "age": pgettext_lazy("protected", "age band"),
    "family_status": pgettext_lazy("protected", "family status"),
    "region_rating": pgettext_lazy("protected", "region rating"),
}
GROUPS: Mapping[str, Mapping[str, StrPromise]] = {
    "sex": {"F": gettext_lazy("Women"), "M": gettext_lazy("Men")},
    "age": {
        "under_25": gettext_lazy("Under 25"),
        "25_to_34": gettext_lazy("25 to 34"),
        "35_to_44": gettext_lazy("35 to 44"),
        "45_to_59": gettext_lazy("45 to 59"),
        "60_and_over": gettext_lazy("60 and over"),
    },
    "family_status": {
        "Married": pgettext_lazy("family status", "Married"),
        "Civil marriage": pgettext_lazy("family status", "Civil partnership"),
        "Single / not married": pgettext_lazy("family status", "Single"),
        "Separated": pgettext_lazy("family status", "Separated"),
        "Widow": pgettext_lazy("family status", "Widowed"),
        "Unknown": pgettext_lazy("family status", "Unknown"),
    },
}
RATES: Mapping[str, StrPromise] = {
    "approval_rate": gettext_lazy("Approval rate"),
    "caught": gettext_lazy("Defaults refused"),
    "false_alarms": gettext_lazy("Good clients refused"),
}


@register.filter
def attribute_words(attribute: str) -> str:
    """Name a protected attribute."""
    return str(ATTRIBUTES.get(attribute, attribute))


@register.filter
def group_words(group: str, attribute: str) -> str:
    """Name a group of a protected attribute."""
    if attribute == "region_rating":
        return gettext("Rating %(rating)s") % {"rating": group}
    words = GROUPS.get(attribute, {}).get(group)
    return category_label(attribute, group) if words is None else str(words)


@register.filter
def rate_words(name: str) -> str:
    """Name a rate that groups are compared by."""
    return str(RATES.get(name, name))


@register.filter
def above_chance(auc: float) -> float:
    """Give how far an AUC is from chance to certainty, 0 to 1."""
    return max(0.0, 2 * auc - 1)


@register.filter
def feature_words(name: str) -> str:
    """Name a feature; one the catalogue has dropped keeps its bare name."""
    return in_language(CATALOGUE[name].label) if name in CATALOGUE else name
