"""What somebody should look at: raised by the product, shown on the site until a person has seen it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertKind(models.TextChoices):
    """What an alert is about."""

    DRIFT = "drift", _("The population has moved away from the one the model was trained on.")


class Alert(models.Model):
    """One alert. facts: figures and names, nothing personal: they leave the house by e-mail and webhook."""

    kind = models.CharField(_("alert"), max_length=20, choices=AlertKind.choices)
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)
    facts = models.JSONField(_("facts"), default=dict)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seen by"),
    )

    class Meta:
        db_table = "alert"
        ordering = ["-id"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [models.Index(fields=["kind"], condition=models.Q(seen_at__isnull=True), name="alert_unseen")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
