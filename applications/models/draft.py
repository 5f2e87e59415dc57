"""Applications a person has begun to write down and not yet submitted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Client


class Draft(models.Model):
    """A new application in the making, seen by its author alone and deleted when it is submitted.

    number: the one the application will have, so that the draft's address goes on to mean the same thing.
    answers: what was answered so far, right or wrong, as it was typed, by the fact's name.
    """

    number = models.BigIntegerField(_("application number"), primary_key=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("author")
    )
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("client")
    )
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        db_table = "draft"
        ordering = ["-changed_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return str(self.number)
