"""Putting a model version in force takes two people: one asks, another rules."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modelling.models import ModelVersion


class PromotionState(models.TextChoices):
    """Where a request for promotion stands."""

    OPEN = "open", _("Waiting for a second person")
    APPROVED = "approved", pgettext_lazy("promotion", "Approved")
    REFUSED = "refused", pgettext_lazy("promotion", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("promotion", "Withdrawn")


class PromotionRequest(models.Model):
    """One person's wish to put a version in force, and what another made of it.

    preview: who would change side, as `services.previews` counts it; None until it was asked for and made.
    """

    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="promotion_requests", verbose_name=_("model version")
    )
    state = models.CharField(_("state"), max_length=10, choices=PromotionState.choices, default=PromotionState.OPEN)
    reason = models.TextField(_("reason"), max_length=2000)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ruled by"),
    )
    ruled_at = models.DateTimeField(_("ruled at"), null=True, blank=True)
    ruling = models.TextField(_("reason of the ruling"), max_length=2000, blank=True)
    preview = models.JSONField(_("who would change side"), null=True, blank=True)
    preview_asked_at = models.DateTimeField(null=True, blank=True)
    preview_error = models.CharField(max_length=500, blank=True)
    # The same as a sentence and its facts, to be told in any language.
    preview_failure = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        db_table = "promotion_request"
        ordering = ["-requested_at"]
        verbose_name = _("promotion request")
        verbose_name_plural = _("promotion requests")
        constraints = [
            models.CheckConstraint(
                name="promotion_ruled_by_another",
                condition=Q(state__in=["open", "withdrawn"]) | ~Q(ruled_by=F("requested_by")),
                violation_error_message=_("Whoever asks for a promotion cannot approve or refuse it."),
            ),
            models.CheckConstraint(
                name="promotion_ruled_once",
                condition=Q(state="open", ruled_by__isnull=True, ruled_at__isnull=True)
                | (~Q(state="open") & Q(ruled_by__isnull=False, ruled_at__isnull=False)),
            ),
            models.UniqueConstraint(name="one_open_promotion_a_version", fields=["version"], condition=Q(state="open")),
            models.CheckConstraint(name="promotion_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_state_display()}"
