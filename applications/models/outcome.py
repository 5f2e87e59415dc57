"""What became of a loan that was asked for: seen later, and brought in to measure the model by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application


class ObservedOutcome(models.Model):
    """Whether the client of an application defaulted, and when that was seen; one per application, the last seen."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, primary_key=True, related_name="observed_outcome"
    )
    observed_on = models.DateField(_("observed on"))
    defaulted = models.BooleanField(_("defaulted"))
    imported_at = models.DateTimeField(_("imported"), auto_now=True)

    class Meta:
        db_table = "observed_outcome"
        verbose_name = _("observed outcome")
        verbose_name_plural = _("observed outcomes")

    def __str__(self) -> str:
        return f"{self.application_id}: {self.defaulted}"
