"""Form fields for the facts of an application, in units people use: years, euros, words; never negative days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.categories import LABELS, category_label
from applications.models import Application
from applications.models.facts import AnyFact, CategoryFact, FlagFact, IntegerFact, RealFact, Unit, shown_fields
from applications.selectors.facts import NOT_EMPLOYED_DAYS
from applications.templatetags.scoring_format import DAYS_A_YEAR
from modelling.bundle import Bundle
from modelling.features.catalogue import CATALOGUE, LegalStatus
from modelling.features.legal import status_of

# The loan, the person, the work: what an advisor talks about first. Whatever else the model reads comes after.
FIRST = (
    "name_contract_type", "amt_credit", "amt_annuity", "amt_goods_price",
    "amt_income_total", "name_income_type", "days_employed", "occupation_type", "organization_type",
    "name_education_type", "name_housing_type", "cnt_children", "flag_own_car", "own_car_age", "flag_own_realty",
)  # fmt: skip
_LONGEST_YEARS = 90
_NOT_GIVEN = ("", gettext_lazy("not given"))


class FactsForm(forms.Form):
    """Some facts of an application. Empty means not given."""

    def __init__(self, names: Iterable[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = _facts()
        for name in names:
            self.fields[name] = _field(known[name], self.initial.get(name))

    @classmethod
    def about(cls, application: Application, names: Iterable[str], data: Any = None) -> FactsForm:
        """Give a form that holds what the application says."""
        chosen = tuple(names)
        return cls(chosen, data, initial=dict(_initial(application, chosen)), prefix="fact")

    def changes(self) -> dict[str, Any]:
        """Return the facts that differ from the initial ones, as the tables hold them; the form must be valid."""
        known = _facts()
        return {
            name: _stored(known[name], value)
            for name, value in self.cleaned_data.items()
            if name in known and value != self._was(name)
        }

    def _was(self, name: str) -> Any:
        """Return the initial value as a form would clean it."""
        initial = self.initial.get(name)
        return self.fields[name].clean("" if initial is None else str(initial))


def editable_facts(bundle: Bundle) -> tuple[str, ...]:
    """Return the facts a person may try out: those the model reads and the law admits, the usual ones first."""
    read = {column for feature in bundle.features if feature in CATALOGUE for column in CATALOGUE[feature].columns}
    allowed = [name for name in _facts() if name in read and status_of([name]) is LegalStatus.ADMITTED]
    return tuple(sorted(allowed, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST)))


def locked_facts() -> tuple[str, ...]:
    """Return the labels of the shown facts that nobody may try out, since the law keeps them from the model."""
    return tuple(
        str(fact.verbose_name) for name, fact in _facts().items() if status_of([name]) is not LegalStatus.ADMITTED
    )


def _facts() -> Mapping[str, AnyFact]:
    return {fact.name: fact for fact in shown_fields(Application) if fact.name not in {"sk_id_curr", "target"}}


def _field(fact: AnyFact, initial: Any) -> forms.Field:
    told: dict[str, Any] = {"label": fact.verbose_name, "help_text": fact.help_text, "required": False}
    match fact:
        case FlagFact():
            answers = [_NOT_GIVEN, (1, _("Yes")), (0, _("No"))]
            return forms.TypedChoiceField(choices=answers, coerce=int, empty_value=None, **told)
        case CategoryFact():
            levels = [(level, category_label(fact.name, level)) for level in LABELS.get(fact.name, {})]
            return forms.TypedChoiceField(choices=[_NOT_GIVEN, *levels], empty_value=None, **told)
        case IntegerFact() if fact.unit == Unit.DAYS_TO_DATE:
            return forms.FloatField(min_value=0, max_value=_LONGEST_YEARS, **told)
        case IntegerFact():
            low, high = _range(fact.name, initial, high=100_000)
            return forms.IntegerField(min_value=int(low), max_value=int(high), **told)
        case RealFact():
            low, high = _range(fact.name, initial, high=1e9)
            return forms.FloatField(min_value=low, max_value=high, **told)
    raise TypeError(f"A form knows no field for {fact!r}.")


def _range(name: str, initial: Any, *, high: float) -> tuple[float, float]:
    """Return the plausible range the catalogue tells of a column, from zero up where it tells none.

    What the file says is always within it, however odd: nobody has to correct what he does not touch.
    """
    feature = CATALOGUE.get(name)
    low = feature.low if feature and feature.low is not None else 0
    high = feature.high if feature and feature.high is not None else high
    return (low, high) if initial is None else (min(low, initial), max(high, initial))


def _initial(application: Application, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    known = _facts()
    for name in names:
        value = getattr(application, name)
        if value is not None and known[name].unit == Unit.DAYS_TO_DATE:
            value = None if value == NOT_EMPLOYED_DAYS else round(-value / DAYS_A_YEAR, 2)
        yield name, value


def _stored(fact: AnyFact, value: Any) -> Any:
    if value is not None and fact.unit == Unit.DAYS_TO_DATE:
        return -round(value * DAYS_A_YEAR)
    return value
