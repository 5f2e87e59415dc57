"""One application with what its page needs: assessment, credit history in a few numbers, what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q

from applications.access import Person, find_application
from applications.models import Application, Assessment, BureauCredit, Decision, Instalment, PreviousApplication
from applications.models.facts import published_fields
from applications.selectors.assessments import HEAVY, NUMBERS

HISTORY_LENGTH = 30
_RELATED = ("agency", "assessment_request", "current_assessment__policy", "current_assessment__model_version")
_HEAVY = tuple(f"current_assessment__{column}" for column in HEAVY)
_FACTS = tuple(fact.name for fact in published_fields(Application))


@dataclass(frozen=True)
class CreditHistory:
    """The client's credits in a few numbers.

    credits, active: credits with other lenders. asked, granted: earlier applications here.
    late, instalments: how many instalments of the loans here were paid after their day.
    """

    credits: int
    active: int
    asked: int
    granted: int
    late: int
    instalments: int


@dataclass(frozen=True)
class Happening:
    """One thing that happened to an application: it was assessed, or a person decided."""

    at: datetime
    assessment: Assessment | None = None
    decision: Decision | None = None


def open_application(person: Person, number: int) -> Application:
    """Return an application with its agency, request and current assessment.

    Raises Http404, the same for one that is unknown and one the person may not see.
    """
    return find_application(person, number, related=_RELATED, without=_HEAVY)


def open_without_facts(person: Person, number: int) -> Application:
    """Return an application as `open_application` does, its hundred and twenty facts left unread."""
    return find_application(person, number, related=_RELATED, without=(*_HEAVY, *_FACTS))


def credit_history_of(client_id: int) -> CreditHistory:
    """Return the client's credit history in numbers, by three queries whatever its length."""
    elsewhere = BureauCredit.objects.filter(client_id=client_id).aggregate(
        credits=Count("pk"), active=Count("pk", filter=Q(credit_active="Active"))
    )
    here = PreviousApplication.objects.filter(client_id=client_id).aggregate(
        asked=Count("pk"), granted=Count("pk", filter=Q(name_contract_status="Approved"))
    )
    return CreditHistory(**elsewhere, **here, **_instalments(client_id))


def history_of(application: Application) -> tuple[Happening, ...]:
    """Return the assessments and decisions of an application, the newest first, at most HISTORY_LENGTH of each."""
    assessments = application.assessments.select_related("policy", "model_version").defer(*NUMBERS, *HEAVY)
    decisions = application.decisions.select_related("actor", "assessment").defer(
        "assessment__values", "assessment__contributions"
    )
    happenings = [Happening(each.created_at, assessment=each) for each in assessments.order_by("-pk")[:HISTORY_LENGTH]]
    happenings += [Happening(each.created_at, decision=each) for each in decisions[:HISTORY_LENGTH]]
    return tuple(sorted(happenings, key=lambda happening: happening.at, reverse=True))


def _instalments(client_id: int) -> dict[str, int]:
    """Count instalments, not payments: one paid in parts is late when its last part is."""
    by_instalment = (
        Instalment.objects.filter(client_id=client_id)
        .values("sk_id_prev", "num_instalment_version", "num_instalment_number")
        .annotate(delay_days=Max(F("days_entry_payment") - F("days_instalment")))
    )
    return by_instalment.aggregate(instalments=Count("*"), late=Count("sk_id_prev", filter=Q(delay_days__gt=0)))
