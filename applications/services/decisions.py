"""Deciding: what a person does with an assessment."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from applications import audit
from applications.errors import StaleAssessmentError
from applications.models import Application, Assessment, Decision, Kind, Outcome, User


@transaction.atomic
def decide(assessment: Assessment, *, actor: User, outcome: Outcome, reason: str) -> Decision:
    """Record a person's decision on an assessment, move the application on, and write the audit event.

    Raises StaleAssessmentError when the application has another assessment or changed facts by now,
    ValidationError when the reason is empty.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=assessment.application_id)
    _refuse_if_stale(application, assessment)
    decision = Decision(
        application=application, assessment=assessment, actor=actor, outcome=outcome, reason=reason.strip()
    )
    decision.full_clean()
    decision.save()
    Application.objects.filter(pk=application.pk).update(stage=Outcome(outcome).stage)
    audit.record(Kind.DECISION_MADE, actor=actor, subject=application, data=_facts(decision))
    return decision


def _refuse_if_stale(application: Application, assessment: Assessment) -> None:
    is_current = application.current_assessment_id == assessment.pk
    if not is_current or application.version != assessment.application_version:
        raise StaleAssessmentError(
            _("The file has changed since this assessment. Read the new assessment, then decide again.")
        )


def _facts(decision: Decision) -> dict[str, object]:
    return {
        "decision": decision.pk,
        "assessment": decision.assessment_id,
        "outcome": decision.outcome,
        "recommendation": decision.assessment.recommendation,
        "against_advice": decision.goes_against_advice,
    }
