"""From applications to their answers: probability, contributions and reasons, as they are stored."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from celery.exceptions import SoftTimeLimitExceeded

from applications.errors import DATABASE_AWAY
from applications.models import Policy, Recommendation, RiskLevel
from applications.models.assessment import pack
from applications.services.assessing.features import features_of
from applications.services.policies import policy_in_force
from modelling import registry
from modelling.bundle import Bundle
from modelling.explanation import explain
from modelling.models import ModelVersion
from modelling.reasons import Reason, Reasons, reasons
from modelling.scoring import Scored, score_matrix

logger = logging.getLogger(__name__)

# Nothing is wrong with the application: the database is away, or the time is up. It is tried again.
PASSING = (*DATABASE_AWAY, SoftTimeLimitExceeded)


@dataclass(frozen=True)
class InForce:
    """What an assessment is made with."""

    version: ModelVersion
    bundle: Bundle
    policy: Policy


class Answer(NamedTuple):
    """What the machine says of one version of an application. reasons: JSON, as Assessment describes them."""

    application: int
    application_version: int
    probability: float
    recommendation: Recommendation
    risk_level: RiskLevel
    base: float
    values: bytes
    contributions: bytes
    reasons: str


def in_force() -> InForce:
    """Give what assessments are made with now. Raises ModellingError or NoPolicyError when something is missing."""
    version = registry.champion()
    return InForce(version, registry.fit_bundle_of(version), policy_in_force())


def compute_apart(versions: Mapping[int, int], used: InForce) -> tuple[list[Answer], dict[int, Exception]]:
    """Assess applications so that what is wrong with one does not fail the others: halves again, until it is alone.

    Returns the answers, and the error of each application that has none. Raises what is nobody's fault (PASSING).
    """
    answers: list[Answer] = []
    errors: dict[int, Exception] = {}
    left = [dict(versions)] if versions else []
    while left:
        batch = left.pop()
        try:
            answers += compute(batch, used)
        except PASSING:
            raise
        except Exception as error:
            if len(batch) == 1:
                logger.exception("application %d cannot be assessed", *batch)
                errors |= dict.fromkeys(batch, error)
            else:
                left += _halves(batch)
    return answers, errors


def _halves(batch: Mapping[int, int]) -> list[dict[int, int]]:
    pairs, middle = list(batch.items()), len(batch) // 2
    return [dict(pairs[:middle]), dict(pairs[middle:])]


def compute(versions: Mapping[int, int], used: InForce) -> list[Answer]:
    """Assess applications, given by number with the version of their facts, in rising order of their numbers."""
    found = features_of(versions, used.version, used.bundle)
    return answers_to(score_matrix(used.bundle, found.values, client_ids=found.client_ids), versions, used)


def answers_to(scored: Scored, versions: Mapping[int, int], used: InForce) -> list[Answer]:
    """Answer for scored applications, given by number with the version of their facts; nothing is read or stored."""
    explained = explain(used.bundle, scored)
    said = reasons(used.bundle, scored.values, explained.contributions)
    probabilities = scored.probability.tolist()
    values, contributions = pack(scored.values), pack(explained.contributions)
    return [
        Answer(
            application=number,
            application_version=versions[number],
            probability=probabilities[row],
            recommendation=used.policy.recommend(probabilities[row]),
            risk_level=used.policy.risk_level(probabilities[row]),
            base=explained.base,
            values=values[row],
            contributions=contributions[row],
            reasons=_as_json(said[row]),
        )
        for row, number in enumerate(scored.client_ids.tolist())
    ]


def _as_json(said: Reasons) -> str:
    return json.dumps({"raising": [*map(_told, said.raising)], "lowering": [*map(_told, said.lowering)]})


def _told(reason: Reason) -> dict[str, object]:
    return {"feature": reason.feature, "contribution": round(reason.contribution, 6)}
