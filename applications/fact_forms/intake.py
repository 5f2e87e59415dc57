"""A new application: the form in sections. A day is asked for as a date, and few answers are required."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.access import Action, Person, find_agency, may
from applications.fact_forms.fields import day_field_of, field_of, is_date, known_facts
from applications.models import Agency
from applications.models.application_facts import EnquiryAndDocumentFacts, LoanFacts
from applications.models.housing_facts import HousingFacts
from applications.selectors.facts import USUAL
from applications.services.drafts import LONGEST_ANSWER
from applications.services.intake import NEEDED, TOLD_BY_THE_CLOCK

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

_ADULT_YEARS, _OLDEST_YEARS = 18, 100
_ABOVE_ZERO = ("amt_income_total", "amt_credit", "amt_annuity")


def _names(model: Any) -> tuple[str, ...]:
    return tuple(field.name for field in model._meta.get_fields())


_LOAN, _HOUSING, _ENQUIRIES = _names(LoanFacts), _names(HousingFacts), _names(EnquiryAndDocumentFacts)
_CAR = ("flag_own_car", "own_car_age", "flag_own_realty")
_WORK = ("amt_income_total", "name_income_type", "days_employed", "occupation_type", "organization_type")

# Each fact stands in the first section that wants it. The last ones are closed until somebody opens them.
_SECTIONS: tuple[tuple[StrPromise, Callable[[str], bool], bool], ...] = (
    (gettext_lazy("The loan"), _LOAN.__contains__, True),
    (gettext_lazy("Work and income"), _WORK.__contains__, True),
    (gettext_lazy("The person"), lambda name: name in (*USUAL, *_CAR), True),
    (gettext_lazy("External scores and enquiries"), lambda name: name.startswith(("ext_source", "amt_req")), False),
    (gettext_lazy("Residence and changes"), lambda name: name.startswith(("days_", "re", "live_")), False),
    (gettext_lazy("Means of contact and documents"), lambda name: name.startswith("flag_"), False),
    (gettext_lazy("The building"), _HOUSING.__contains__, False),
)


@dataclass(frozen=True)
class Section:
    """Questions that belong together. is_open: whether one sees them at once. answered: how many have an answer."""

    label: str
    fields: tuple[BoundField, ...]
    is_open: bool

    @property
    def answered(self) -> int:
        """Count the questions that have an answer."""
        return sum(bool(field.value()) for field in self.fields)


class NewApplicationForm(forms.Form):
    """All facts a person may tell of a new application. today: its day."""

    def __init__(self, *args: Any, person: Person, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._person, self._today = person, today
        for name, fact in known_facts().items():
            if name not in TOLD_BY_THE_CLOCK:
                self.fields[name] = day_field_of(fact) if is_date(fact) else field_of(fact)
                self.fields[name].required = name in NEEDED
        self.fields["days_birth"].label = _("Date of birth")
        if may(person, Action.SEE_ALL_AGENCIES):
            usual = self.initial.get("agency") or find_agency(person, None)
            self.fields["agency"] = forms.ModelChoiceField(Agency.objects.all(), label=_("Agency"), initial=usual)

    def answers(self) -> dict[str, str]:
        """Return what was answered so far, right or wrong, as a draft keeps it."""
        said = {name: str(self.data.get(name, "")).strip()[:LONGEST_ANSWER] for name in self.fields}
        return {name: answer for name, answer in said.items() if answer}

    def missing(self, answers: dict[str, str]) -> tuple[str, ...]:
        """Return the labels of the required questions these answers leave open."""
        return tuple(
            str(self[name].label) for name in self.fields if self.fields[name].required and not self._has(name, answers)
        )

    def sections(self) -> Iterator[Section]:
        """Give the questions section by section, the required ones first; a section with a mistake in it is open."""
        left = [name for name in self.fields if name != "agency"]
        if "agency" in self.fields:
            yield Section(_("The agency"), (self["agency"],), is_open=True)
        for label, belongs, is_open in _SECTIONS:
            chosen = sorted(filter(belongs, left), key=self._place)
            left = [name for name in left if name not in chosen]
            fields = tuple(self[name] for name in chosen)
            yield Section(str(label), fields, is_open=is_open or any(field.errors for field in fields))

    def _place(self, name: str) -> tuple[bool, int]:
        return not self.fields[name].required, USUAL.index(name) if name in USUAL else len(USUAL)

    def facts(self) -> dict[str, Any]:
        """Return the facts as the tables hold them; the form must be valid."""
        told = {name: self.cleaned_data[name] for name in known_facts() if name in self.cleaned_data}
        return {name: (value - self._today).days if isinstance(value, date) else value for name, value in told.items()}

    @property
    def agency(self) -> Agency | None:
        """Give the agency the application goes to: the person's own, or the one chosen."""
        return self.cleaned_data.get("agency") or find_agency(self._person, None)

    def clean(self) -> dict[str, Any]:
        """Check days against today, and answers against each other."""
        said: dict[str, Any] = super().clean() or {}
        for name in _ABOVE_ZERO:
            if said.get(name) == 0:
                self.add_error(name, _("An amount above zero is expected here."))
        for name, value in list(said.items()):
            if isinstance(value, date) and not self._years_before(_OLDEST_YEARS) <= value <= self._today:
                self.add_error(name, _("A day of the last 100 years is expected here, today at the latest."))
        self._check_age(said)
        self._check_amounts(said)
        return said

    def _check_age(self, said: dict[str, Any]) -> None:
        born, employed = said.get("days_birth"), said.get("days_employed")
        if born and self._years_before(_ADULT_YEARS) < born <= self._today:
            self.add_error("days_birth", _("The client must be of age: 18 or older."))
        if born and employed and employed < born:
            self.add_error("days_employed", _("The job cannot begin before the client was born."))

    def _check_amounts(self, said: dict[str, Any]) -> None:
        credit, annuity = said.get("amt_credit"), said.get("amt_annuity")
        if credit and annuity and annuity > credit:
            self.add_error("amt_annuity", _("The monthly instalment cannot exceed the amount of the loan."))

    def _years_before(self, years: int) -> date:
        day = self._today
        return day.replace(year=day.year - years, day=28 if (day.month, day.day) == (2, 29) else day.day)

    def _has(self, name: str, answers: dict[str, str]) -> bool:
        return bool(answers.get(name) or self.get_initial_for_field(self.fields[name], name))
