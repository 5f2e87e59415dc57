"""Why a feature that tells sex or age stays in a model version, in a named person's words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modelling.models import ModelVersion


class ProxyNote(models.Model):
    """One person's answer for one feature of one version: who, when and why. It is never changed."""

    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="proxy_notes", verbose_name=_("model version")
    )
    feature = models.CharField(_("feature"), max_length=120)
    reason = models.TextField(_("reason"), max_length=2000)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted at"), auto_now_add=True)

    class Meta:
        db_table = "proxy_note"
        ordering = ["feature"]
        verbose_name = _("note on a proxy")
        verbose_name_plural = _("notes on proxies")
        constraints = [
            models.UniqueConstraint(name="one_note_a_proxy", fields=["version", "feature"]),
            models.CheckConstraint(name="proxy_note_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.feature}"
