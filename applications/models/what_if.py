"""Notes on what was tried out with a client."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.assessment import Assessment


class WhatIfNote(models.Model):
    """A trial somebody kept: which facts were changed, and what the machine would then have said.

    It is about the assessment that counted then, with its model version and policy; it changes nothing.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="what_if_notes")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("author"))
    changes = models.JSONField(_("changed facts"))
    probability = models.FloatField(_("probability of default"))
    recommendation = models.CharField(_("recommendation"), max_length=10)
    text = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("kept at"), auto_now_add=True)

    class Meta:
        db_table = "what_if_note"
        ordering = ["-pk"]
        verbose_name = _("what-if note")
        verbose_name_plural = _("what-if notes")

    def __str__(self) -> str:
        return f"{self.application_id}: {self.probability:.1%}"
