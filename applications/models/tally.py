"""What is counted over whole tables, which no page has the time to do."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """One count, kept up by `applications.services.tallies`.

    name: what is counted. stamp: how many rows of the tables behind it had ever been written when it was counted, so
    that it is counted again once that has moved. facts: the figures, by the name of each.
    """

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    stamp = models.BigIntegerField(_("rows written"))
    counted_at = models.DateTimeField(_("counted at"))
    facts = models.JSONField(_("figures"))

    class Meta:
        db_table = "tally"
        ordering = ["name"]
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return self.name
