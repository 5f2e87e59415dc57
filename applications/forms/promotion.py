"""What a person says of a model version, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
