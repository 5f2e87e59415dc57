"""How a version treats groups of clients, and what its features tell of what is barred."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from modelling.models.version import ModelVersion


class FairnessReport(models.Model):
    """How a version treats groups of clients at a threshold, and what its features tell of what is barred.

    groups: as `training.fairness.group_report` gives them; proxies: `training.proxies.radar`; gate: what it costs, as
    `training.gate.gate_cost` tells it, where that was measured.
    """

    version = models.ForeignKey(
        ModelVersion, verbose_name=_("model version"), on_delete=models.PROTECT, related_name="fairness_reports"
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    threshold = models.FloatField(_("threshold"))
    groups = models.JSONField(_("groups"))
    proxies = models.JSONField(_("proxies"))
    gate = models.JSONField(_("cost of the gate"), null=True, blank=True)

    class Meta:
        db_table = "fairness_report"
        ordering = ["-made_at"]
        verbose_name = _("fairness report")
        verbose_name_plural = _("fairness reports")

    def __str__(self) -> str:
        return f"v{self.version_id}, {self.made_at:%Y-%m-%d %H:%M}"
