"""The published facts of an application as serializers: made from the fields, strict about what they do not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from applications.categories import BARRED_LEVELS, LABELS, NO_VALUE_LABELS
from applications.models import Application
from applications.models.facts import (
    AnyFact,
    CategoryFact,
    FlagFact,
    IntegerFact,
    RealFact,
    published_fields,
    shown_fields,
)
from applications.services.intake import NEEDED
from modelling.features.tables import LARGEST_AMOUNT

_NOT_TOLD = frozenset({"sk_id_curr", "target"})
_LARGEST_INTEGER = 2**31 - 1
_FEW = 12  # so many names fit in a sentence


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know, so that a misspelt one is never dropped in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated values; raises ValidationError naming every unknown field too."""
        if isinstance(data, Mapping) and (unknown := sorted(map(str, data.keys() - self.fields.keys()))):
            told = {name: [_no_such_field(name, self.fields)] for name in unknown}
            raise serializers.ValidationError(told, code="unknown")
        return super().to_internal_value(data)


def _no_such_field(name: str, known: Iterable[str]) -> str:
    """Say which fields there are, or, of many, which one is written most alike."""
    names = [*known]
    near = names if len(names) <= _FEW else get_close_matches(name, names, n=3)
    if not near:
        return _("There is no such field here; the schema names those there are.")
    return _("There is no such field here; expected: %(names)s.") % {"names": ", ".join(near)}


class Choice(serializers.ChoiceField):
    """One of some words; another one is answered with those there are."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("“{input}” is not expected here; one of these is: {expected}.")
    }

    def fail(self, key: str, **told: Any) -> NoReturn:
        """Raise ValidationError."""
        super().fail(key, expected=", ".join(map(str, self.choices)), **told)


def _field(fact: AnyFact) -> serializers.Field[Any, Any, Any, Any]:
    told: dict[str, Any] = {
        "required": fact.name in NEEDED,
        "allow_null": fact.name not in NEEDED,
        "label": fact.verbose_name,
        "help_text": fact.help_text,
    }
    match fact:
        case FlagFact():
            return serializers.IntegerField(min_value=0, max_value=1, **told)
        case CategoryFact():
            levels = {*LABELS.get(fact.name, {}), *BARRED_LEVELS.get(fact.name, ()), *NO_VALUE_LABELS}
            return Choice(choices=sorted(levels), **told)
        case IntegerFact():
            return serializers.IntegerField(min_value=-_LARGEST_INTEGER, max_value=_LARGEST_INTEGER, **told)
        case RealFact():
            return serializers.FloatField(min_value=-LARGEST_AMOUNT, max_value=LARGEST_AMOUNT, **told)
    raise TypeError(f"The API knows no field for {fact!r}.")


def _serializer(name: str, facts: tuple[AnyFact, ...]) -> type[StrictSerializer]:
    fields = {fact.name: _field(fact) for fact in facts if fact.name not in _NOT_TOLD}
    return type(name, (StrictSerializer,), fields)


# What may be sent: all 120 facts; what the law bars from models is stored for the fairness report alone, never told.
FactsIn = _serializer("FactsIn", published_fields(Application))
FactsOut = _serializer("FactsOut", shown_fields(Application))
