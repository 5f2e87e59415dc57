"""Fields that several forms share: the number of an application, an amount."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.selectors.listing import DIGITS_OF_A_NUMBER


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
