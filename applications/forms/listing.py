"""The list of applications: its filters, its columns, a filter kept by name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.access import Action, Person, may
from applications.forms.fields import AmountField, NumberField
from applications.models import Agency, Recommendation, Stage
from applications.selectors.listing import Column, Order, Wanted
from applications.templatetags.scoring_words import ADVICE

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
COLUMNS = (
    (Column.TYPE, _("Type")),
    (Column.AGENCY, _("Agency")),
    (Column.AMOUNT, _("Amount")),
    (Column.ANNUITY, _("Monthly instalment")),
    (Column.INCOME, _("Annual income")),
    (Column.PROBABILITY, _("Probability of default")),
    (Column.ADVICE, _("Advice of the model")),
    (Column.RISK, _("Risk level")),
    (Column.STAGE, _("State")),
    (Column.RECEIVED, _("Received")),
)


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
    amount_from = AmountField(label=_("Amount from"), required=False)
    amount_to = AmountField(label=_("Amount up to"), required=False)
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
            amount_from=said.get("amount_from"),
            amount_to=said.get("amount_to"),
            order=Order(said["order"]) if said.get("order") else Order.NEWEST,
        )

    @property
    def query(self) -> str:
        """Give the filters that made sense, as they stand in an address."""
        said: dict[str, Any] = getattr(self, "cleaned_data", {})
        return urlencode({name: getattr(value, "pk", value) for name, value in said.items() if value})


class ColumnsForm(forms.Form):
    """The columns of the list a person wants to see; none is the usual ones."""

    columns = forms.MultipleChoiceField(label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        hidden = () if may(person, Action.SEE_ALL_AGENCIES) else (Column.AGENCY,)
        choices = [(column, label) for column, label in COLUMNS if column not in hidden]
        self.fields["columns"].choices = choices  # type: ignore[attr-defined]  # of a MultipleChoiceField


class SavedFilterForm(forms.Form):
    """A filter to keep by name."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
