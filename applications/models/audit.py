"""The audit log: who did what, in one chain that shows every later change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class Kind(models.TextChoices):
    """What can happen that must be traceable."""

    TABLE_IMPORTED = "table_imported", _("Table imported")
    APPLICATION_CHANGED = "application_changed", _("Application changed")
    ASSESSMENT_MADE = "assessment_made", _("Assessment made")
    ASSESSMENT_FAILED = "assessment_failed", _("Assessment failed")
    DRIFT_MEASURED = "drift_measured", _("Drift measured")
    OUTCOMES_IMPORTED = "outcomes_imported", _("Outcomes imported")
    REQUEST_DROPPED = "request_dropped", _("Request for an assessment dropped")
    REQUEST_CANCELLED = "request_cancelled", _("Request for an assessment cancelled")
    BOOK_RUN_CHANGED = "book_run_changed", _("Assessment of the book started, stopped or ended")
    BOOK_CHUNK_ASSESSED = "book_chunk_assessed", _("Part of the book assessed")
    DECISION_MADE = "decision_made", _("Decision made")
    POLICY_ACTIVATED = "policy_activated", _("Policy put in force")
    MODEL_PROMOTED = "model_promoted", _("Model version promoted")
    MODEL_ROLLED_BACK = "model_rolled_back", _("Earlier model version put back in force")
    PROMOTION_REQUESTED = "promotion_requested", _("Promotion requested")
    PROMOTION_REFUSED = "promotion_refused", _("Promotion refused")
    PROMOTION_WITHDRAWN = "promotion_withdrawn", _("Promotion request withdrawn")
    PROXY_NOTED = "proxy_noted", _("Proxy of sex or age answered for")
    TRAINING_STARTED = "training_started", _("Training asked for")
    TRAINING_CANCELLED = "training_cancelled", _("Training cancelled")
    STUDY_STARTED = "study_started", _("Search of settings asked for")
    STUDY_CANCELLED = "study_cancelled", _("Search of settings cancelled")
    BUNDLE_DOWNLOADED = "bundle_downloaded", _("Model bundle downloaded")
    SNAPSHOT_TAKEN = "snapshot_taken", _("Snapshot taken")
    QUALITY_ACCEPTED = "quality_accepted", _("Data quality block accepted")
    PERSON_CREATED = "person_created", _("Person created")
    API_KEY_MADE = "api_key_made", _("API key made")
    API_KEY_REVOKED = "api_key_revoked", _("API key revoked")
    CACHE_CLEARED = "cache_cleared", _("Cache cleared")
    BACKUP_MADE = "backup_made", _("Backup made")
    BACKUP_RESTORED = "backup_restored", _("Backup restored")
    FILE_SCORED = "file_scored", _("File scored")
    WHAT_IF_KEPT = "what_if_kept", _("What-if note kept")
    SECOND_FACTOR_SET = "second_factor_set", _("Second factor set up")
    SECOND_FACTOR_RESET = "second_factor_reset", _("Second factor reset")


def kinds() -> list[tuple[str, StrOrPromise]]:
    """Return the kinds as choices; as a function, so that a new kind needs no migration."""
    return list(Kind.choices)


class AuditEvent(models.Model):
    """One event. A database trigger numbers it, chains it to the one before and forbids changing it.

    previous_hash, hash: SHA-256 in hexadecimal; the trigger computes them (migration `audit_chain`).
    """

    at = models.DateTimeField(_("at"), auto_now_add=True)
    kind = models.CharField(_("kind"), max_length=30, choices=kinds)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("actor")
    )
    subject_type = models.CharField(_("subject"), max_length=40)
    subject_id = models.CharField(_("subject number"), max_length=40)
    request_id = models.CharField(_("request"), max_length=40, blank=True)
    data = models.JSONField(_("facts"), default=dict)
    previous_hash = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        db_table = "audit_event"
        ordering = ["id"]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.subject_type} {self.subject_id}"
