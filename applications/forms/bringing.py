"""What is brought in: the client of a new application, a file to be scored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import NumberField


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
