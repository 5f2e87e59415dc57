"""A trained bundle's row, and each time it was measured on held-out rows."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ModelVersion(models.Model):
    """One trained bundle: its lineage, its measured quality, and whether it is the one in force.

    The bundle's files are named by `digest`, the SHA-256 of its manifest; the row never changes but for its promotion.
    """

    class State(models.TextChoices):
        """Where a version stands; at most one is the champion."""

        CANDIDATE = "candidate", _("candidate")
        CHALLENGER = "challenger", _("challenger")
        CHAMPION = "champion", _("champion")
        RETIRED = "retired", _("retired")

    number = models.PositiveIntegerField(_("number"), unique=True, validators=[MinValueValidator(1)])
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.CANDIDATE)
    digest = models.CharField(_("digest"), max_length=64, unique=True, help_text=_("SHA-256 of the bundle's manifest"))
    bundle_path = models.CharField(_("bundle folder"), max_length=255, help_text=_("relative to the bundles folder"))
    features = models.JSONField(_("features"), default=list, help_text=_("names, in the order of the matrix"))
    metrics = models.JSONField(_("metrics"), default=dict, help_text=_("out of fold, each with its 95 % interval"))
    parameters = models.JSONField(_("parameters"), default=dict)
    report = models.JSONField(
        _("training report"), default=dict, help_text=_("as in the bundle: thresholds, costs, curves, folds")
    )
    seed = models.BigIntegerField(_("seed"))
    snapshot_name = models.CharField(_("snapshot"), max_length=120)
    snapshot_digest = models.CharField(_("snapshot digest"), max_length=64)
    catalogue_version = models.CharField(_("feature catalogue version"), max_length=64)
    code_version = models.CharField(_("code version"), max_length=64, help_text=_("digest of the lab's own source"))
    platform = models.CharField(_("platform"), max_length=255, help_text=_("system, Python and library versions"))
    is_demo = models.BooleanField(_("trained on demo data"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    promoted_at = models.DateTimeField(_("promoted"), null=True, blank=True)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("promoted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("empty when the system promoted it at its first start"),
    )
    promoted_note = models.TextField(_("promotion note"), blank=True)

    class Meta:
        db_table = "model_version"
        ordering = ["-number"]
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="champion"), name="one_champion"),
            models.CheckConstraint(
                condition=Q(promoted_at__isnull=False) | ~Q(state="champion"), name="champion_was_promoted"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="model_version_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"v{self.number} ({self.get_state_display()})"


class HeldOutReading(models.Model):
    """One time a version was measured on held-out rows; each reading after the first makes them less of a test.

    rows_digest: SHA-256 of the labelled clients and their outcomes.
    """

    version = models.ForeignKey(
        ModelVersion, verbose_name=_("model version"), on_delete=models.PROTECT, related_name="readings"
    )
    rows_digest = models.CharField(_("digest of the rows"), max_length=64, db_index=True)
    read_at = models.DateTimeField(_("read at"), auto_now_add=True)
    figures = models.JSONField(_("figures"), default=dict)

    class Meta:
        db_table = "held_out_reading"
        ordering = ["-read_at"]
        verbose_name = _("reading of held-out rows")
        verbose_name_plural = _("readings of held-out rows")

    def __str__(self) -> str:
        return f"v{self.version_id}, {self.rows_digest[:12]}, {self.read_at:%Y-%m-%d %H:%M}"
