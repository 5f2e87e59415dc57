"""Which part of the book to assess, which events of the audit log to read."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import NumberField
from applications.models import Kind


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
