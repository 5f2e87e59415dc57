"""What a person does with an assessment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application, Stage
from applications.models.assessment import Assessment
from applications.models.policy import Recommendation


class Outcome(models.TextChoices):
    """What was decided."""

    ACCEPT = "accept", _("Grant")
    ASK_DOCUMENT = "ask_document", _("Ask for a document")
    REFUSE = "refuse", _("Refuse the loan")

    @property
    def stage(self) -> Stage:
        """Give the stage the application is in after this decision."""
        return {
            Outcome.ACCEPT: Stage.ACCEPTED,
            Outcome.ASK_DOCUMENT: Stage.AWAITING_DOCUMENT,
            Outcome.REFUSE: Stage.REFUSED,
        }[self]


class Decision(models.Model):
    """A person's decision on one assessment, with its reason; never changed, a later one follows it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="decisions")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("decided by"))
    outcome = models.CharField(_("decision"), max_length=12, choices=Outcome.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    created_at = models.DateTimeField(_("decided at"), auto_now_add=True)

    class Meta:
        db_table = "decision"
        ordering = ["-created_at", "-id"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(fields=["application", "-created_at"], name="decision_by_application")]
        constraints = [
            models.CheckConstraint(
                name="decision_has_a_reason",
                condition=models.Q(reason__regex=r"\S"),
                violation_error_message=_("A decision needs a reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"

    @property
    def goes_against_advice(self) -> bool:
        """Tell whether a loan was granted against a refusal, or refused against an acceptance."""
        return (self.outcome, self.assessment.recommendation) in {
            (Outcome.ACCEPT, Recommendation.REFUSE),
            (Outcome.REFUSE, Recommendation.ACCEPT),
        }
