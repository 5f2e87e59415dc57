"""Files of applications that were scored without being taken in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.assessment import Failure
from applications.models.policy import Policy
from modelling.models import ModelVersion


class FileState(models.TextChoices):
    """Where a file stands between its author and the workers."""

    BROUGHT = "brought", _("Not scored yet")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being scored")
    FAILED = "failed", _("Failed")
    DONE = "done", _("Scored")

    @property
    def is_under_way(self) -> bool:
        """Tell whether it is for the workers to go on."""
        return self in {FileState.QUEUED, FileState.RUNNING}


class ScoredFile(models.Model):
    """A file somebody brought to be scored: what it asks until then, what the machine said from then on.

    Its author alone sees it, for a while; what stays is the audit event with both digests.
    digest: SHA-256 of the file as it came. items: what each line asks, emptied once it is answered.
    results: what was said of each line, in the order of the file; None before, and never a part of them.
    scored_lines: how far the worker at it has come. backend_pid: its database connection, gone when that worker died.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scored_files", verbose_name=_("author")
    )
    name = models.CharField(_("file name"), max_length=100)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    lines = models.PositiveIntegerField(_("lines"))
    items = models.JSONField(default=list, blank=True)
    results = models.JSONField(null=True, blank=True)
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("model version")
    )
    policy = models.ForeignKey(
        Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("policy")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=FileState.choices, default=FileState.BROUGHT)
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    scored_lines = models.PositiveIntegerField(_("lines scored"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    backend_pid = models.IntegerField(null=True, blank=True, editable=False)
    failure = models.CharField(_("failure"), max_length=20, choices=Failure.choices, blank=True)
    failure_facts = models.JSONField(_("facts of the failure"), default=dict, blank=True)

    class Meta:
        db_table = "scored_file"
        ordering = ["-pk"]
        verbose_name = _("scored file")
        verbose_name_plural = _("scored files")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=FileState.DONE, results__isnull=False)
                | ~Q(state=FileState.DONE) & Q(results__isnull=True),
                name="scored_file_has_results_when_done",
            )
        ]

    def __str__(self) -> str:
        return self.name
