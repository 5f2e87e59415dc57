"""The rows that say which trained bundles exist, where each came from, and which one is in force."""

from modelling.models.attempt import Attempt, State
from modelling.models.drift import DriftFinding, DriftReport
from modelling.models.fairness import FairnessReport
from modelling.models.quality import QualityReport
from modelling.models.training import ComparisonRun, Study, TrainingRun
from modelling.models.version import HeldOutReading, ModelVersion

__all__ = [
    "Attempt",
    "ComparisonRun",
    "DriftFinding",
    "DriftReport",
    "FairnessReport",
    "HeldOutReading",
    "ModelVersion",
    "QualityReport",
    "State",
    "Study",
    "TrainingRun",
]
