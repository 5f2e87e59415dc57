"""A form field for each fact of an application, in units people use: euros, years, words; never negative days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.categories import LABELS, category_label
from applications.models import Application
from applications.models.facts import AnyFact, CategoryFact, FlagFact, IntegerFact, RealFact, Unit, shown_fields
from modelling.features.catalogue import CATALOGUE

_LONGEST_YEARS = 90
_NOT_GIVEN = ("", gettext_lazy("not given"))
_SIGNS = {Unit.EUROS: "€", Unit.YEARS: gettext_lazy("years"), Unit.DAYS_TO_DATE: gettext_lazy("years")}


def known_facts() -> Mapping[str, AnyFact]:
    """Return the facts a form may ask for, by name; what the law bars is not among them."""
    return {fact.name: fact for fact in shown_fields(Application) if fact.name not in {"sk_id_curr", "target"}}


def is_date(fact: AnyFact) -> bool:
    """Tell whether a fact is a day, stored as a number of days from the application."""
    return fact.unit == Unit.DAYS_TO_DATE


def field_of(fact: AnyFact, initial: Any = None) -> forms.Field:
    """Return the field of one fact, never required; a day is asked for as years ago."""
    help_text = "" if is_date(fact) else fact.help_text
    told: dict[str, Any] = {"label": _label(fact), "help_text": help_text, "required": False}
    match fact:
        case FlagFact():
            answers = [_NOT_GIVEN, (1, _("Yes")), (0, _("No"))]
            return forms.TypedChoiceField(choices=answers, coerce=int, empty_value=None, **told)
        case CategoryFact():
            levels = [(level, category_label(fact.name, level)) for level in LABELS.get(fact.name, {})]
            return forms.TypedChoiceField(choices=[_NOT_GIVEN, *levels], empty_value=None, **told)
        case IntegerFact() if is_date(fact):
            return forms.FloatField(min_value=0, max_value=_LONGEST_YEARS, **told)
        case IntegerFact():
            low, high = _range(fact.name, initial, high=100_000)
            return forms.IntegerField(min_value=int(low), max_value=int(high), **told)
        case RealFact():
            low, high = _range(fact.name, initial, high=1e9)
            return forms.FloatField(min_value=low, max_value=high, **told)
    raise TypeError(f"A form knows no field for {fact!r}.")


def day_field_of(fact: AnyFact) -> forms.DateField:
    """Return the field of a fact that is a day, asked for as a date."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=fact.verbose_name, required=False, widget=widget)


def _label(fact: AnyFact) -> str:
    sign = _SIGNS.get(fact.unit)
    return f"{fact.verbose_name} ({sign})" if sign else str(fact.verbose_name)


def _range(name: str, initial: Any, *, high: float) -> tuple[float, float]:
    """Return the plausible range the catalogue tells of a column, from zero up where it tells none.

    What the file says is always within it, however odd: nobody has to correct what he does not touch.
    """
    feature = CATALOGUE.get(name)
    low = feature.low if feature and feature.low is not None else 0
    high = feature.high if feature and feature.high is not None else high
    return (low, high) if initial is None else (min(low, initial), max(high, initial))
