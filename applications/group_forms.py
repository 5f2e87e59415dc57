"""Which clients a person compares with, read from an address: everybody, whoever meets conditions, or the most similar.

A condition is a feature, an operator and a value. A value is written as the page shows it: "41" of a share is 41 %, a
word is a published one or what the reader's language calls it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from applications.charts.variables import Variable, variable_of, yes_or_no
from applications.models import Application
from applications.selectors.dictionary import fold
from applications.selectors.population import Population, Similar, Value, similar_to
from applications.templatetags.scoring_format import number
from modelling.conditions import OF_CATEGORIES, WITHOUT_VALUE, Condition, Mask, Operator, meeting

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

MOST_CONDITIONS = 4
LONGEST_VALUE = 80
_LARGEST = float(np.finfo(np.float32).max)
OPERATORS: tuple[tuple[Operator, StrPromise], ...] = (
    (Operator.IS, pgettext_lazy("operator", "is")),
    (Operator.IS_NOT, pgettext_lazy("operator", "is not")),
    (Operator.BELOW, pgettext_lazy("operator", "below")),
    (Operator.AT_MOST, pgettext_lazy("operator", "at most")),
    (Operator.ABOVE, pgettext_lazy("operator", "above")),
    (Operator.AT_LEAST, pgettext_lazy("operator", "at least")),
    (Operator.MISSING, pgettext_lazy("operator", "is not given")),
    (Operator.KNOWN, pgettext_lazy("operator", "is given")),
)


class GroupKind(StrEnum):
    """Whom a client is compared with."""

    ALL = "all"
    SOME = "some"
    SIMILAR = "similar"


GROUPS: tuple[tuple[GroupKind, StrPromise], ...] = (
    (GroupKind.ALL, gettext_lazy("All clients")),
    (GroupKind.SOME, gettext_lazy("A filtered group")),
    (GroupKind.SIMILAR, gettext_lazy("The 20 most similar")),
)


@dataclass(frozen=True)
class Asked:
    """One condition as it was asked for. fault: why it makes no sense; then there is no condition."""

    feature: str = ""
    operator: str = ""
    value: str = ""
    variable: Variable | None = None
    condition: Condition | None = None
    fault: str = ""


@dataclass(frozen=True)
class Group:
    """The clients compared with. similar: of a group of similar clients alone. words: what the group is called."""

    kind: GroupKind
    asked: tuple[Asked, ...]
    mask: Mask
    words: str
    similar: Similar | None = None

    @property
    def clients(self) -> int:
        """Give how many there are."""
        return int(self.mask.sum())

    @property
    def rows(self) -> tuple[Asked, ...]:
        """Give the conditions to show in the form, and an empty one while there is room."""
        return (*self.asked, Asked()) if len(self.asked) < MOST_CONDITIONS else self.asked


def group_asked(
    query: QueryDict, population: Population, application: Application, values: Mapping[str, Value]
) -> Group:
    """Return the group an address asks for; what makes no sense in it is left open, and told in its condition."""
    wanted = query.get("group", "")
    kind = GroupKind(wanted) if wanted in set(GroupKind) else GroupKind.ALL
    lists = (query.getlist(name)[:MOST_CONDITIONS] for name in ("feature", "operator", "value"))
    asked = tuple(read_condition(*each, population=population) for each in zip_longest(*lists, fillvalue="") if each[0])
    if kind is GroupKind.SIMILAR:
        similar = similar_to(population, application, values)
        return Group(kind, asked, similar.mask, _("the most similar clients"), similar)
    if kind is GroupKind.ALL:
        return Group(kind, asked, np.ones(len(population), dtype=bool), _("all clients"))
    conditions = conditions_of(asked)
    words = ngettext("clients who meet the condition", "clients who meet all %(count)s conditions", len(conditions))
    mask = meeting(population.columns, conditions)
    return Group(kind, asked, mask, words % {"count": len(conditions)} if conditions else _("all clients"))


def conditions_of(asked: Iterable[Asked]) -> tuple[Condition, ...]:
    """Return the conditions that make sense."""
    return tuple(each.condition for each in asked if each.condition)


def read_condition(feature: str, operator: str, value: str, *, population: Population) -> Asked:
    """Return one condition, or why it makes no sense, as a sentence."""
    value = value.strip()[:LONGEST_VALUE]
    if feature not in population.features:
        return Asked(fault=_("There is no such variable to filter by; choose one of the list."))
    variable = variable_of(population, feature)
    known: dict[str, Any] = {"feature": feature, "operator": operator, "value": value, "variable": variable}
    if operator not in set(Operator):
        return Asked(**known, fault=_("This comparison does not exist; choose one of the list."))
    found = _read(variable, Operator(operator), value)
    if isinstance(found, str):
        return Asked(**known, fault=found)
    return Asked(**known, condition=Condition(feature, Operator(operator), found))


def _read(variable: Variable, operator: Operator, text: str) -> float | str:
    """Return a value as the columns hold it, or the sentence that says why it is none."""
    if operator in WITHOUT_VALUE:
        return 0.0
    if variable.levels is not None:
        if operator not in OF_CATEGORIES:
            return _("“%(label)s” is a word: it can be or not be one, not lie above or below.") % {
                "label": variable.label
            }
        return _level(variable, text)
    return _number(variable, text)


def _level(variable: Variable, text: str) -> float | str:
    for code, (word, label) in enumerate(variable.choices):
        if text == word or fold(text) == fold(label) != "":
            return float(code)
    known = ", ".join(label for _word, label in variable.choices[:12])
    return _("“%(label)s” has no value “%(text)s”; it has: %(known)s.") % {
        "label": variable.label,
        "text": text,
        "known": known,
    }


def _number(variable: Variable, text: str) -> float | str:
    if variable.unit == "flag" and fold(text).strip() in (answers := yes_or_no()):
        return answers[fold(text).strip()]
    bare = re.sub(r"[\s\u00a0\u202f€%×]", "", text).replace(",", ".").replace("\u2212", "-")
    try:
        found = float(bare)
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or abs(found) > _LARGEST:
        return _("A number is expected for “%(label)s”, such as %(example)s; “%(text)s” is none.") % {
            "label": variable.label,
            "text": text,
            "example": number(12.5, 1),
        }
    return found / 100 if variable.unit == "share" else found
