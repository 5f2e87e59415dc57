"""The facts of an application that its page shows, in readable units; no barred column is ever among them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.categories import category_label
from applications.models import Application
from applications.models.application_facts import LoanFacts
from applications.models.facts import AnyFact, shown_fields
from applications.models.housing_facts import HousingFacts

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

NOT_EMPLOYED_DAYS = 365243  # the publisher's mark for "has no job"

# What the page shows when nobody chose: the person, the work, the loan.
_PERSON = ("days_birth", "name_housing_type", "name_education_type", "cnt_children", "cnt_fam_members")
_WORK = ("occupation_type", "days_employed", "organization_type", "name_income_type", "amt_income_total")
_LOAN = ("name_contract_type", "amt_credit", "amt_annuity", "amt_goods_price")
USUAL = (*_PERSON, *_WORK, *_LOAN)

_NO_FACTS = frozenset({"sk_id_curr", "target"})  # the number stands in the title; the outcome is not of the file


@dataclass(frozen=True)
class FactGroup:
    """Facts that belong together on a page."""

    label: StrPromise
    fields: tuple[AnyFact, ...]


@dataclass(frozen=True)
class ShownFact:
    """One fact: its label, its value (words already in the reader's language), and the unit to write it in."""

    label: str
    description: str
    value: float | str | None
    unit: str


def facts_of(application: Application, names: Collection[str] = USUAL) -> tuple[tuple[ShownFact, ...], ...]:
    """Return the chosen facts in their groups; a name that is barred or unknown is left out."""
    groups = (tuple(_shown(application, each) for each in group.fields if each.name in names) for group in CHOOSABLE)
    return tuple(group for group in groups if group)


def _groups() -> tuple[FactGroup, ...]:
    """Sort every fact that may be shown into a group; the usual ones come first in theirs."""
    fields = {field.name: field for field in shown_fields(Application) if field.name not in _NO_FACTS}
    housing = {field.name for field in HousingFacts._meta.get_fields()}
    rules: tuple[tuple[StrPromise, Callable[[str], bool]], ...] = (
        (_("The person"), lambda name: name in (*_PERSON, "flag_own_car", "own_car_age", "flag_own_realty")),
        (_("Work and income"), _WORK.__contains__),
        (_("The loan"), lambda name: name in {field.name for field in LoanFacts._meta.get_fields()}),
        (_("External scores and enquiries"), lambda name: name.startswith(("ext_source", "amt_req"))),
        (_("Means of contact and documents"), lambda name: name.startswith("flag_")),
        (_("The building"), housing.__contains__),
        (_("Residence and changes"), fields.__contains__),
    )
    found = []
    for label, belongs in rules:
        names = sorted(filter(belongs, fields), key=lambda name: USUAL.index(name) if name in USUAL else len(USUAL))
        found.append(FactGroup(label, tuple(fields.pop(name) for name in names)))
    return tuple(found)


CHOOSABLE = _groups()


def _shown(application: Application, field: AnyFact) -> ShownFact:
    value = getattr(application, field.name)
    if field.name == "days_employed" and value == NOT_EMPLOYED_DAYS:
        value = gettext("No job")
    elif isinstance(value, str):
        value = category_label(field.source_column, value)
    return ShownFact(str(field.verbose_name), str(field.help_text), value, str(field.unit))
