from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from applications.errors import StaleAssessmentError
from applications.models import Application, Assessment, AuditEvent, Decision, Kind, Outcome, Policy, Stage, User
from applications.services.assessment import answer_requests, request_assessments
from applications.services.decisions import decide
from modelling.models import ModelVersion
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(champion: ModelVersion, policy: Policy, advisor: User) -> Assessment:
    application = ApplicationFactory.create(agency=advisor.agency)
    request_assessments([application.pk])
    answer_requests([application.pk])
    return Assessment.objects.get()


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        (Outcome.ACCEPT, Stage.ACCEPTED),
        (Outcome.ASK_DOCUMENT, Stage.AWAITING_DOCUMENT),
        (Outcome.REFUSE, Stage.REFUSED),
    ],
)
def test_a_decision_moves_the_application_on(
    assessment: Assessment, advisor: User, outcome: Outcome, stage: Stage
) -> None:
    decision = decide(assessment, actor=advisor, outcome=outcome, reason="Seen with the client")

    assert Application.objects.get().stage == stage
    event = AuditEvent.objects.get(kind=Kind.DECISION_MADE)
    assert event.actor == advisor
    assert event.data["decision"] == decision.pk


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_decision_needs_a_reason(assessment: Assessment, advisor: User, reason: str) -> None:
    with pytest.raises(ValidationError):
        decide(assessment, actor=advisor, outcome=Outcome.ACCEPT, reason=reason)

    assert not Decision.objects.exists()
    assert not AuditEvent.objects.filter(kind=Kind.DECISION_MADE).exists()


def test_nobody_decides_on_facts_that_changed_meanwhile(assessment: Assessment, advisor: User) -> None:
    Application.objects.update(version=2)

    with pytest.raises(StaleAssessmentError, match=r"changed since|a changé"):
        decide(assessment, actor=advisor, outcome=Outcome.ACCEPT, reason="Fine")

    assert not Decision.objects.exists()


def test_the_reason_stays_out_of_the_audit_log(assessment: Assessment, advisor: User) -> None:
    decide(assessment, actor=advisor, outcome=Outcome.ACCEPT, reason="Madame Martin has paid")

    assert "Martin" not in str(AuditEvent.objects.get(kind=Kind.DECISION_MADE).data)


def test_a_later_decision_follows_the_first(assessment: Assessment, advisor: User) -> None:
    decide(assessment, actor=advisor, outcome=Outcome.ASK_DOCUMENT, reason="Payslip missing")
    decide(assessment, actor=advisor, outcome=Outcome.ACCEPT, reason="Payslip seen")

    assert [decision.outcome for decision in Decision.objects.all()] == [Outcome.ACCEPT, Outcome.ASK_DOCUMENT]


def test_a_decision_is_never_changed(assessment: Assessment, advisor: User) -> None:
    decide(assessment, actor=advisor, outcome=Outcome.ACCEPT, reason="Fine")

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Decision.objects.update(reason="Other")
