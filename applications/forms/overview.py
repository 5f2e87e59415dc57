"""What is asked of all applications: how they lie, what drives them, what a word means."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.access import Action, Person, may
from applications.forms.fields import NumberField
from applications.models import Agency, Recommendation
from applications.selectors import dictionary, portfolio
from applications.templatetags.feature_words import STATUSES, UNITS, table_words
from applications.templatetags.scoring_words import ADVICE
from modelling.features.legal import LegalStatus
from modelling.features.schema import TABLES

ORIGINS = (
    (dictionary.Origin.COLUMN, _("Published columns")),
    (dictionary.Origin.DERIVED, _("Computed features")),
)


class DictionaryForm(forms.Form):
    """What is looked for in the dictionary."""

    text = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "placeholder": _("delay, income, score…")}
        ),
    )
    table = forms.ChoiceField(label=_("Table"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False, choices=[("", _("All units")), *UNITS.items()])
    status = forms.ChoiceField(
        label=_("Legal status"), required=False, choices=[("", _("All statuses")), *STATUSES.items()]
    )
    origin = forms.ChoiceField(label=_("Origin"), required=False, choices=[("", _("Columns and features")), *ORIGINS])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(table, table_words(table)) for table in TABLES]
        self.fields["table"].choices = [("", _("All tables")), *names]  # type: ignore[attr-defined]  # of a ChoiceField

    @property
    def wanted(self) -> dictionary.Wanted:
        """Give what is looked for; a filter that made no sense is left open."""
        said: dict[str, Any] = getattr(self, "cleaned_data", {})
        return dictionary.Wanted(
            text=said.get("text", ""),
            table=said.get("table", ""),
            unit=said.get("unit", ""),
            status=LegalStatus(said["status"]) if said.get("status") else None,
            origin=dictionary.Origin(said["origin"]) if said.get("origin") else None,
        )


class ExplanationForm(forms.Form):
    """How many factors the global explanation shows."""

    COUNTS = (10, 20, 30)

    factors = forms.TypedChoiceField(
        label=_("Factors shown"), required=False, coerce=int, choices=[(count, str(count)) for count in COUNTS]
    )

    @property
    def most(self) -> int:
        """Give the number; the first where none was chosen, or one that is no choice."""
        said: dict[str, Any] = getattr(self, "cleaned_data", {})
        return said.get("factors") or self.COUNTS[0]


class PortfolioForm(forms.Form):
    """What is shown of the portfolio. A person who sees one agency alone has no choice of agency."""

    advice = forms.ChoiceField(label=_("Advice"), required=False, choices=[("", _("All advice")), *ADVICE.items()])
    agency = forms.ModelChoiceField(
        Agency.objects.all(), label=_("Agency"), required=False, empty_label=_("All agencies")
    )
    application = NumberField(label=_("Place of an application"), required=False)

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["application"].widget.attrs["placeholder"] = _("its number")
        if not may(person, Action.SEE_ALL_AGENCIES):
            del self.fields["agency"]

    @property
    def wanted(self) -> portfolio.Wanted:
        """Give what is looked at; a filter that made no sense is left open."""
        said: dict[str, Any] = getattr(self, "cleaned_data", {})
        recommendation = Recommendation(said["advice"]) if said.get("advice") else None
        return portfolio.Wanted(recommendation, said.get("agency"))
