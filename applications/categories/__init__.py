"""What the published categories are called on a page: `Cash loans` is told as "Personal loan", or "Prêt personnel"."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from applications.categories.application import APPLICATION_LABELS
from applications.categories.credit_history import CREDIT_HISTORY_LABELS

# The publisher's two words for "none": not available, not applicable. Some columns say it more exactly.
NO_VALUE_LABELS = {"XNA": _("Not given"), "XAP": _("Not applicable")}
# Of what the law bars from models: taken in for the fairness report, shown nowhere, so without words.
BARRED_LEVELS = {
    "code_gender": ("F", "M"),
    "name_family_status": ("Civil marriage", "Married", "Separated", "Single / not married", "Unknown", "Widow"),
}
LABELS = {**APPLICATION_LABELS, **CREDIT_HISTORY_LABELS}


def category_label(column: str, value: str) -> str:
    """Return what a category's value is called in the reader's language; an unknown value comes back unchanged.

    column: the published name, in either case. A name that several tables share has the values of all of them.
    """
    label = LABELS.get(column.lower(), {}).get(value) or NO_VALUE_LABELS.get(value)
    return value if label is None else str(label)
