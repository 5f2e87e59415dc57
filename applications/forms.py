"""What people may ask for and say: the list's filters, a decision, the audit log's filters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.access import Action, Person, may
from applications.models import Agency, Kind, Outcome, Recommendation, Stage
from applications.selectors import dictionary, portfolio
from applications.selectors.facts import CHOOSABLE
from applications.selectors.listing import DIGITS_OF_A_NUMBER, Column, Order, Wanted
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


class AmountField(forms.FloatField):
    """An amount in euros, as one writes it in France or in Britain: spaces between groups and "€" are welcome."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": _("An amount in euros is expected here, such as 12 000.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1e12, **options)

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # the stubs take it for the whole numbers it inherits from
        """Return the amount."""
        text = re.sub(r"[\s\u00a0\u202f€]", "", str(value or "")).replace(",", ".")
        return super().to_python(text)


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


class ClientFieldsForm(forms.Form):
    """The facts of the client a person wants to see on an application; none is the usual ones."""

    names = forms.MultipleChoiceField(
        label=_("Facts to show"),
        required=False,
        choices=[(field.name, field.verbose_name) for group in CHOOSABLE for field in group.fields],
    )


class SavedFilterForm(forms.Form):
    """A filter to keep by name."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)


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


class ReasonForm(forms.Form):
    """Why a person does something to a model version."""

    reason = forms.CharField(
        label=pgettext_lazy("decision", "Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why: the reason is kept in the audit log.")},
    )


class ProxyNoteForm(ReasonForm):
    """Which features beyond the limit stay in a version, and why."""

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["features"] = forms.MultipleChoiceField(
            choices=[(name, name) for name in names],
            error_messages={"required": _("Choose at least one feature that the note is about.")},
        )


class RulingForm(forms.Form):
    """What the second person makes of a request for promotion; a refusal says why."""

    APPROVE, REFUSE = "approve", "refuse"

    ruling = forms.ChoiceField(
        label=_("Ruling"),
        choices=[(APPROVE, _("Put this version in force")), (REFUSE, _("Refuse the request"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    reason = forms.CharField(
        label=pgettext_lazy("decision", "Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Want a reason for a refusal."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("ruling") == self.REFUSE and not said.get("reason"):
            self.add_error("reason", _("A refusal says why."))
        return said


class EarlierApplicationForm(forms.Form):
    """Whose client a new application is of; nobody known here when it is empty."""

    earlier = NumberField(label=_("Number of an earlier application of the client"), required=False)


class UploadForm(forms.Form):
    """A CSV file. is_too_large: it was dropped on its way, for its size."""

    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,  # what is wrong with it is told where it is read
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a CSV file."), "max_length": _("The file's name is too long.")},
    )

    def __init__(self, *args: Any, is_too_large: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_too_large:
            sentence = _("The file is too large: at most %(most)s MB; split it into smaller ones.")
            most = settings.UPLOAD_MOST_BYTES // 1_000_000
            self.fields["file"].error_messages["required"] = sentence % {"most": most}
