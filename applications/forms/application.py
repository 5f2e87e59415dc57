"""One application: the facts shown of it, what a person decides."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Outcome
from applications.selectors.facts import CHOOSABLE

OUTCOMES = (
    (Outcome.ACCEPT, pgettext_lazy("decision", "Grant")),
    (Outcome.ASK_DOCUMENT, _("Ask for a document")),
    (Outcome.REFUSE, pgettext_lazy("decision", "Refuse")),
)


class ClientFieldsForm(forms.Form):
    """The facts of the client a person wants to see on an application; none is the usual ones."""

    names = forms.MultipleChoiceField(
        label=_("Facts to show"),
        required=False,
        choices=[(field.name, field.verbose_name) for group in CHOOSABLE for field in group.fields],
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
