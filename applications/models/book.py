"""Assessing the book: a run over many applications, cut into chunks by range of clients."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.assessment import Failure, Purpose
from applications.models.policy import Policy
from modelling.models import ModelVersion


class RunState(models.TextChoices):
    """How far a run has come."""

    RUNNING = "running", _("Under way")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")

    @property
    def is_open(self) -> bool:
        """Tell whether the run may still assess."""
        return self in {RunState.RUNNING, RunState.PAUSED}


class AssessmentRun(models.Model):
    """One assessment of all applications that `where` names and that lack one by this model version and policy.

    where: the filter as it was written, empty for all. total: how many there were at the start.
    report: what the run changed, written at its end (see applications.services.differences).
    """

    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.ADVICE)
    where = models.CharField(_("which"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, verbose_name=_("model version"))
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, verbose_name=_("policy"))
    total = models.PositiveIntegerField(_("applications"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
        help_text=_("empty when the system started it"),
    )
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=20, choices=Failure.choices, blank=True)
    failure_facts = models.JSONField(_("facts of the failure"), default=dict, blank=True)
    report = models.JSONField(_("differences"), default=dict, blank=True)

    class Meta:
        db_table = "assessment_run"
        ordering = ["-id"]
        verbose_name = _("assessment of the book")
        verbose_name_plural = _("assessments of the book")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(state__in=["running", "paused"]), name="one_open_run_a_purpose"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], finished_at__isnull=True)
                | Q(state__in=["done", "cancelled", "failed"], finished_at__isnull=False),
                name="run_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return _("Run %(number)s") % {"number": self.pk}


class ChunkState(models.TextChoices):
    """Where a chunk stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being assessed")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class AssessmentChunk(models.Model):
    """The applications of a run whose clients lie between two numbers: worked on by one worker, stored as a whole.

    size: how many there were at the start. assessed, failed: what became of them, once done.
    backend_pid: the database connection of the worker at it; gone from pg_stat_activity when that worker died.
    """

    run = models.ForeignKey(AssessmentRun, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField(_("number"))
    first_client = models.BigIntegerField(_("first client"))
    last_client = models.BigIntegerField(_("last client"))
    size = models.PositiveIntegerField(_("applications"))
    state = models.CharField(_("state"), max_length=10, choices=ChunkState.choices, default=ChunkState.WAITING)
    assessed = models.PositiveIntegerField(_("assessed"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=20, choices=Failure.choices, blank=True)
    failure_facts = models.JSONField(_("facts of the failure"), default=dict, blank=True)
    backend_pid = models.IntegerField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "assessment_chunk"
        ordering = ["run", "number"]
        verbose_name = _("part of an assessment of the book")
        verbose_name_plural = _("parts of an assessment of the book")
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="chunk_number_once"),
            models.CheckConstraint(condition=Q(first_client__lte=F("last_client")), name="chunk_clients_in_order"),
        ]
        indexes = [models.Index(fields=["state", "run", "number"], name="chunk_by_state")]

    def __str__(self) -> str:
        return f"{self.run_id}.{self.number}"
