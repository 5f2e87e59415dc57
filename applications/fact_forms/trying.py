"""Other facts tried out on an application: the form of what-if."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from applications.fact_forms.fields import field_of, is_date, known_facts
from applications.models import Application
from applications.models.facts import AnyFact
from applications.selectors.facts import NOT_EMPLOYED_DAYS
from applications.services.intake import TOLD_BY_THE_CLOCK
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


class FactsForm(forms.Form):
    """Some facts of an application. Empty means not given."""

    def __init__(self, names: Iterable[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = known_facts()
        for name in names:
            self.fields[name] = field_of(known[name], self.initial.get(name))

    @classmethod
    def about(cls, application: Application, names: Iterable[str], data: Any = None) -> FactsForm:
        """Give a form that holds what the application says."""
        chosen = tuple(names)
        return cls(chosen, data, initial=dict(_initial(application, chosen)), prefix="fact")

    def usual(self) -> list[BoundField]:
        """Return the fields of what an advisor talks about first."""
        return [self[name] for name in self.fields if name in FIRST]

    def others(self) -> list[BoundField]:
        """Return the fields of whatever else the model reads."""
        return [self[name] for name in self.fields if name not in FIRST]

    def changes(self) -> dict[str, Any]:
        """Return the facts that differ from the initial ones, as the tables hold them; the form must be valid."""
        known = known_facts()
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
    """Return the facts a person may try out: those the model reads and the law admits, the usual ones first.

    When the application was made is not among them: nobody chooses it.
    """
    read = {column for feature in bundle.features if feature in CATALOGUE for column in CATALOGUE[feature].columns}
    read.difference_update(TOLD_BY_THE_CLOCK)
    allowed = [name for name in known_facts() if name in read and status_of([name]) is LegalStatus.ADMITTED]
    return tuple(sorted(allowed, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST)))


def locked_facts() -> tuple[str, ...]:
    """Return the labels of the shown facts that nobody may try out, since the law keeps them from the model."""
    return tuple(
        str(fact.verbose_name) for name, fact in known_facts().items() if status_of([name]) is not LegalStatus.ADMITTED
    )


def _initial(application: Application, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    known = known_facts()
    for name in names:
        value = getattr(application, name)
        if value is not None and is_date(known[name]):
            value = None if value == NOT_EMPLOYED_DAYS else round(-value / DAYS_A_YEAR, 2)
        yield name, int(value) if isinstance(value, float) and value.is_integer() else value


def _stored(fact: AnyFact, value: Any) -> Any:
    return -round(value * DAYS_A_YEAR) if value is not None and is_date(fact) else value
