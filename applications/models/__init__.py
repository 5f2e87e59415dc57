"""The office's tables."""

from applications.models.alert import Alert, AlertKind
from applications.models.api_key import ApiKey, KeptAnswer, Scope
from applications.models.application import Application, Client, Stage
from applications.models.assessment import Assessment, AssessmentRequest, Failure, Purpose, RequestState
from applications.models.audit import AuditEvent, Kind
from applications.models.book import AssessmentChunk, AssessmentRun, ChunkState, RunState
from applications.models.bureau import BureauCredit, BureauMonth
from applications.models.decision import Decision, Outcome
from applications.models.draft import Draft
from applications.models.monthly_balances import CreditCardMonth, Instalment, PosCashMonth
from applications.models.outcome import ObservedOutcome
from applications.models.people import Agency, Role, User
from applications.models.policy import Policy, Recommendation, RiskLevel, Strategy
from applications.models.preferences import Preferences, SavedFilter
from applications.models.previous_application import PreviousApplication
from applications.models.promotion import PromotionRequest, PromotionState
from applications.models.proxy_note import ProxyNote
from applications.models.scored_file import FileState, ScoredFile
from applications.models.tally import Tally
from applications.models.what_if import WhatIfNote

__all__ = [
    "Agency",
    "Alert",
    "AlertKind",
    "ApiKey",
    "Application",
    "Assessment",
    "AssessmentChunk",
    "AssessmentRequest",
    "AssessmentRun",
    "AuditEvent",
    "BureauCredit",
    "BureauMonth",
    "ChunkState",
    "Client",
    "CreditCardMonth",
    "Decision",
    "Draft",
    "Failure",
    "FileState",
    "Instalment",
    "KeptAnswer",
    "Kind",
    "ObservedOutcome",
    "Outcome",
    "Policy",
    "PosCashMonth",
    "Preferences",
    "PreviousApplication",
    "PromotionRequest",
    "PromotionState",
    "ProxyNote",
    "Purpose",
    "Recommendation",
    "RequestState",
    "RiskLevel",
    "Role",
    "RunState",
    "SavedFilter",
    "Scope",
    "ScoredFile",
    "Stage",
    "Strategy",
    "Tally",
    "User",
    "WhatIfNote",
]
