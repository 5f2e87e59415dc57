"""What the machine says of an application, and the requests it has still to answer."""

from __future__ import annotations

import zlib

import numpy as np
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from applications.models.application import Application
from applications.models.policy import Policy, Recommendation, RiskLevel
from modelling.models import ModelVersion


class Purpose(models.TextChoices):
    """What an assessment is for; each purpose has its own result."""

    ADVICE = "advice", _("Advice to a person who decides")


class RequestState(models.TextChoices):
    """Where a request stands; an answered request is deleted, its assessment remains."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being assessed")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Failure(models.TextChoices):
    """Why an assessment failed, as a sentence."""

    NO_MODEL_VERSION = "no_model_version", _("No model version is in force.")
    NO_POLICY = "no_policy", _("No policy is in force.")
    BUNDLE = "bundle", _("The files of the model version are not those that were registered.")
    ADDITIVITY = "additivity", _("The contributions did not sum to the probability; nothing was stored.")
    FACTS = "facts", _("The file holds values that no feature can be computed from.")
    GONE = "gone", _("The application no longer exists.")
    LAB = "lab", _("The probability could not be computed.")
    GAVE_UP = "gave_up", _("Several attempts were begun and none came to its end.")
    SUPERSEDED = "superseded", _("Another model version or policy came in force meanwhile.")
    UNFORESEEN = "unforeseen", _("Something unforeseen happened; the log of the workers has the details.")


class AssessmentRequest(models.Model):
    """The wish for an assessment, written with the facts it is about: nothing asked for is ever lost.

    Its row goes in the transaction that stores the assessment. The broker only carries a hint to look here.
    backend_pid: the database connection of the worker at it; gone from pg_stat_activity when that worker died.
    failure_facts: what there is to say of a failure beside its sentence, in the words of the error: for administrators.
    """

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, primary_key=True, related_name="assessment_request"
    )
    application_version = models.PositiveIntegerField()
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.ADVICE)
    queue = models.CharField(max_length=20, default="interactive")
    state = models.CharField(_("state"), max_length=10, choices=RequestState.choices, default=RequestState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    enqueued_at = models.DateTimeField(_("queued at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    backend_pid = models.IntegerField(null=True, blank=True, editable=False)
    failure = models.CharField(_("failure"), max_length=20, choices=Failure.choices, blank=True)
    failure_facts = models.JSONField(_("facts of the failure"), default=dict, blank=True)

    class Meta:
        db_table = "assessment_request"
        verbose_name = _("assessment request")
        verbose_name_plural = _("assessment requests")
        indexes = [models.Index(fields=["state", "queue", "enqueued_at"], name="request_by_state")]

    def __str__(self) -> str:
        return f"{self.application_id} v{self.application_version}: {self.state}"


_AS_THEY_ARE = b"\0"


def pack(numbers: NDArray[np.float32]) -> list[bytes]:
    """Store each row of n × k float32 numbers, missing as NaN, in little-endian order.

    As they are, behind a byte that says so: compressed they would be a twentieth of the row smaller, and take a fifth
    of the time that a client's assessment takes.
    """
    whole, width = numbers.astype("<f4").tobytes(), 4 * numbers.shape[1]
    return [_AS_THEY_ARE + whole[start : start + width] for start in range(0, len(whole), width)]


def unpack(stored: bytes | memoryview) -> NDArray[np.float32]:
    """Read back what `pack` stored, or a compressed row of the first versions."""
    if bytes(stored[:1]) == _AS_THEY_ARE:
        return np.frombuffer(stored, dtype="<f4", offset=1)
    return np.frombuffer(zlib.decompress(stored), dtype="<f4")


class Assessment(models.Model):
    """One probability of default with its explanation: one application version, model version, policy, purpose.

    values, contributions: k numbers each, in the order of the model version's features. Contributions are on the
    log-odds scale: base + their sum = logit(probability).
    chunk: the part of the book it was made with, whose audit event vouches for it; None when it was asked for alone.
    reasons: the facts said aloud, largest first: {"raising": [{"feature": name, "contribution": of the whole fact}, …],
    "lowering": […]}.
    """

    # The constraint of one assessment a question begins with the application, so that needs no index of its own; nobody
    # asks for all assessments of a model version or a policy.
    application = models.ForeignKey(Application, on_delete=models.PROTECT, db_index=False, related_name="assessments")
    application_version = models.PositiveIntegerField(_("application version"))
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, db_index=False, verbose_name=_("model version")
    )
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, db_index=False, verbose_name=_("policy"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.ADVICE)
    probability = models.FloatField(_("probability of default"))
    recommendation = models.CharField(_("recommendation"), max_length=10, choices=Recommendation.choices)
    risk_level = models.CharField(_("risk level"), max_length=10, choices=RiskLevel.choices)
    base = models.FloatField(_("base value"))
    values = models.BinaryField()
    contributions = models.BinaryField()
    reasons = models.JSONField(_("reasons"))
    created_at = models.DateTimeField(_("assessed at"), auto_now_add=True)
    chunk = models.ForeignKey(
        "applications.AssessmentChunk", on_delete=models.PROTECT, null=True, editable=False, related_name="assessments"
    )

    class Meta:
        db_table = "assessment"
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "application_version", "model_version", "policy", "purpose"],
                name="one_assessment_per_question",
            ),
            models.CheckConstraint(name="probability_in_0_1", condition=Q(probability__gt=0, probability__lt=1)),
        ]
        # The list of applications sorts by probability and filters by advice, at full size.
        indexes = [
            models.Index(fields=["probability", "id"], name="assessment_by_probability"),
            models.Index(fields=["recommendation", "probability", "id"], name="assessment_by_advice"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} v{self.application_version}: {self.probability:.1%}"
