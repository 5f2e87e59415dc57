"""The published facts of an application as serializers: made from the fields, strict about what they do not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
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


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know, so that a misspelt one is never dropped in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated values; raises ValidationError naming every unknown field too."""
        if isinstance(data, Mapping) and (unknown := sorted(map(str, data.keys() - self.fields.keys()))):
            sentence = _("There is no such field here.")
            raise serializers.ValidationError({name: [sentence] for name in unknown}, code="unknown")
        return super().to_internal_value(data)


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
            return serializers.ChoiceField(choices=sorted(levels), **told)
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
