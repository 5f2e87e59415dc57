"""How tables that came in compare with those the champion learnt from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modelling.models.version import ModelVersion
from modelling.quality.findings import Severity


class QualityReport(models.Model):
    """How tables that came in, or went into a snapshot, compare with those the champion learnt from.

    It is written once; a block may then be accepted, once, by a person with a reason. findings: `Finding.to_json`, the
    worst first. rows: by table, of those compared. digest: the snapshot's.
    """

    class Occasion(models.TextChoices):
        """When tables are compared."""

        IMPORT = "import", _("Import")
        SNAPSHOT = "snapshot", _("Snapshot")

    class Verdict(models.TextChoices):
        """What the worst finding asks for."""

        NOT_COMPARED = "not_compared", _("Not compared")
        CLEAN = "clean", _("Nothing found")
        WARNED = "warned", _("To be watched")
        BLOCKED = "blocked", _("Blocked")

    class Obstacle(models.TextChoices):
        """Why nothing was compared."""

        NO_CHAMPION = "no_champion", _("no champion yet")
        NO_PROFILE = "no_profile", _("the champion was trained before tables were profiled")
        DEMO_CHAMPION = "demo_champion", _("the champion was trained on demo data")

    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    occasion = models.CharField(_("occasion"), max_length=16, choices=Occasion.choices)
    subject = models.CharField(_("subject"), max_length=255, help_text=_("the folder imported, or the snapshot"))
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict.choices)
    obstacle = models.CharField(_("why not compared"), max_length=16, choices=Obstacle.choices, blank=True)
    compared_with = models.ForeignKey(
        ModelVersion,
        verbose_name=_("compared with"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quality_reports",
    )
    rows = models.JSONField(_("rows"), default=dict)
    findings = models.JSONField(_("findings"), default=list)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    accepted_reason = models.TextField(_("reason for accepting"), blank=True)

    class Meta:
        db_table = "quality_report"
        ordering = ["-id"]
        verbose_name = _("data quality report")
        verbose_name_plural = _("data quality reports")
        indexes = [models.Index(fields=["occasion", "subject"], name="quality_by_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True, accepted_reason="")
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, verdict="blocked") & ~Q(accepted_reason=""),
                name="a_block_is_accepted_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(verdict="not_compared") & ~Q(obstacle="") | ~Q(verdict="not_compared") & Q(obstacle=""),
                name="not_compared_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_occasion_display()} {self.subject}"

    @property
    def is_blocking(self) -> bool:
        """Tell whether what it is about is held back: blocked, and accepted by nobody."""
        return self.verdict == self.Verdict.BLOCKED and self.accepted_at is None

    def count(self, severity: Severity) -> int:
        """Give the number of findings of a severity."""
        return sum(finding["severity"] == severity for finding in self.findings)
