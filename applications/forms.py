"""What people may ask for and say: the list's filters, a decision, the audit log's filters."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.access import Action, Person, may
from applications.models import Agency, Kind, Outcome, Recommendation, Stage
from applications.selectors import dictionary, portfolio
from applications.selectors.listing import DIGITS_OF_A_NUMBER, Order, Wanted
from applications.templatetags.feature_words import STATUSES, UNITS, table_words
from applications.templatetags.scoring_words import ADVICE
from modelling.features.legal import LegalStatus
from modelling.features.schema import TABLES

PERIODS = (
    (1, _("Today")),
    (7, _("Last 7 days")),
    (30, _("Last 30 days")),
    (90, _("Last 3 months")),
    (365, _("Last 12 months")),
)
ORDERS = (
    (Order.NEWEST, _("Newest first")),
    (Order.OLDEST, _("Oldest first")),
    (Order.RISKIEST, _("Highest probability first")),
    (Order.SAFEST, _("Lowest probability first")),
    (Order.LARGEST, _("Largest amount first")),
    (Order.SMALLEST, _("Smallest amount first")),
)
ORIGINS = (
    (dictionary.Origin.COLUMN, _("Published columns")),
    (dictionary.Origin.DERIVED, _("Computed features")),
)
OUTCOMES = (
    (Outcome.ACCEPT, pgettext_lazy("decision", "Grant")),
    (Outcome.ASK_DOCUMENT, _("Ask for a document")),
    (Outcome.REFUSE, pgettext_lazy("decision", "Refuse")),
)


class NumberField(forms.CharField):
    """The number of an application, or how it begins; spaces between groups are welcome."""

    default_error_messages = {"number": _("An application number has digits only, %(digits)s at most.")}

    def clean(self, value: Any) -> str:
        """Return the digits alone."""
        digits = re.sub(r"\s", "", super().clean(value))
        if digits and (not re.fullmatch(r"[0-9]+", digits) or len(digits) > DIGITS_OF_A_NUMBER):
            raise forms.ValidationError(self.error_messages["number"], "number", {"digits": DIGITS_OF_A_NUMBER})
        return digits.lstrip("0")


class ListingForm(forms.Form):
    """The filters of the list. A person who sees one agency alone has no choice of agency."""

    number = NumberField(label=_("Number"), required=False)
    stage = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *Stage.choices])
    advice = forms.ChoiceField(label=_("Advice"), required=False, choices=[("", _("All advice")), *ADVICE.items()])
    agency = forms.ModelChoiceField(
        Agency.objects.all(), label=_("Agency"), required=False, empty_label=_("All agencies")
    )
    days = forms.TypedChoiceField(
        label=_("Received"), required=False, coerce=int, empty_value=None, choices=[("", _("At any time")), *PERIODS]
    )
    order = forms.ChoiceField(label=_("Sort"), required=False, choices=ORDERS)

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may(person, Action.SEE_ALL_AGENCIES):
            del self.fields["agency"]

    @property
    def wanted(self) -> Wanted:
        """Give what is looked for; a filter that made no sense is left open."""
        said: dict[str, Any] = getattr(self, "cleaned_data", {})
        return Wanted(
            number=said.get("number", ""),
            stage=Stage(said["stage"]) if said.get("stage") else None,
            recommendation=Recommendation(said["advice"]) if said.get("advice") else None,
            agency=said.get("agency"),
            days=said.get("days"),
            order=Order(said["order"]) if said.get("order") else Order.NEWEST,
        )


class DecisionForm(forms.Form):
    """What a person decides, and why. assessment: the one he read."""

    assessment = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three decisions.")},
    )
    reason = forms.CharField(
        label=pgettext_lazy("decision", "Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the reason is kept with the decision.")},
    )


class RunForm(forms.Form):
    """Which part of the book to assess, in the words of `applications.selectors.book.named_by`."""

    where = forms.CharField(
        label=_("Which applications"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "agency=nantes status=to_decide", "autocomplete": "off"}),
        help_text=_("All when empty. Conditions: agency=…, status=…, recommendation=…, id=100001-200000."),
    )


class JournalForm(forms.Form):
    """The filters of the audit log."""

    number = NumberField(label=_("Application number"), required=False)
    kind = forms.ChoiceField(label=_("Event"), required=False, choices=[("", _("All events")), *Kind.choices])
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


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
