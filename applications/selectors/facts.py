"""The facts of an application that its page shows, in readable units; no barred column is ever among them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from applications.categories import category_label
from applications.models import Application
from applications.models.facts import AnyFact, shown_fields

NOT_EMPLOYED_DAYS = 365243  # the publisher's mark for "has no job"

# Three groups: the person, the work, the loan.
SHOWN: tuple[tuple[str, ...], ...] = (
    ("days_birth", "name_housing_type", "name_education_type", "cnt_children", "cnt_fam_members"),
    ("occupation_type", "days_employed", "organization_type", "name_income_type", "amt_income_total"),
    ("name_contract_type", "amt_credit", "amt_annuity", "amt_goods_price"),
)


@dataclass(frozen=True)
class ShownFact:
    """One fact: its label, its value (words already in the reader's language), and the unit to write it in."""

    label: str
    description: str
    value: float | str | None
    unit: str


def facts_of(application: Application, shown: tuple[tuple[str, ...], ...] = SHOWN) -> tuple[tuple[ShownFact, ...], ...]:
    """Return the chosen facts in their groups; a name that is barred or unknown is left out."""
    fields = {field.name: field for field in shown_fields(Application)}
    return tuple(tuple(_shown(application, fields[name]) for name in group if name in fields) for group in shown)


def _shown(application: Application, field: AnyFact) -> ShownFact:
    value = getattr(application, field.name)
    if field.name == "days_employed" and value == NOT_EMPLOYED_DAYS:
        value = gettext("No job")
    elif isinstance(value, str):
        value = category_label(field.source_column, value)
    return ShownFact(str(field.verbose_name), str(field.help_text), value, str(field.unit))
