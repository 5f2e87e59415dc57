"""The office's tables."""

from applications.models.application import Application, Client, Stage
from applications.models.assessment import Assessment, AssessmentRequest, Purpose, RequestState
from applications.models.audit import AuditEvent, Kind
from applications.models.bureau import BureauCredit, BureauMonth
from applications.models.decision import Decision, Outcome
from applications.models.monthly_balances import CreditCardMonth, Instalment, PosCashMonth
from applications.models.people import Agency, Role, User
from applications.models.policy import Policy, Recommendation, RiskLevel, Strategy
from applications.models.previous_application import PreviousApplication

__all__ = [
    "Agency",
    "Application",
    "Assessment",
    "AssessmentRequest",
    "AuditEvent",
    "BureauCredit",
    "BureauMonth",
    "Client",
    "CreditCardMonth",
    "Decision",
    "Instalment",
    "Kind",
    "Outcome",
    "Policy",
    "PosCashMonth",
    "PreviousApplication",
    "Purpose",
    "Recommendation",
    "RequestState",
    "RiskLevel",
    "Role",
    "Stage",
    "Strategy",
    "User",
]
