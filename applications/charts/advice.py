"""All that an application's page says of an assessment: its reading, its place on the scale, how sure it is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from applications.charts.gap import Gap, Interval, gap_of, interval_of
from applications.charts.probability_scale import ProbabilityScale, probability_scale
from applications.charts.reading import Reading, Reasons, is_opaque, read, reasons_of
from applications.charts.signed_bars import OriginBars, SignedBars, origin_bars, signed_bars
from applications.models import Assessment, Policy
from applications.selectors.policies import Advised, recommendations_under
from modelling import registry
from modelling.bundle import Bundle
from modelling.errors import BundleError

logger = logging.getLogger(__name__)

FACTOR_COUNTS = (8, 15, 30)


class FactorView(StrEnum):
    """How the factors are shown."""

    BARS = "bars"
    WATERFALL = "waterfall"
    ORIGIN = "origin"


@dataclass(frozen=True)
class Choices:
    """What a reader chose to see. strategy: whose advice is looked at; "" for the recorded one."""

    factors: int = FACTOR_COUNTS[0]
    view: FactorView = FactorView.BARS
    is_folded: bool = False
    strategy: str = ""


USUAL = Choices()


@dataclass(frozen=True)
class Explanation:
    """What the contributions say, drawn. has_opaque: whether there are external scores to fold."""

    reading: Reading
    reasons: Reasons
    bars: SignedBars
    origins: OriginBars
    has_opaque: bool


@dataclass(frozen=True)
class Advice:
    """What is said of one assessment, under the policy it was made with or another that is looked at.

    strategies: what each strategy advises at this probability. Without its bundle at hand, interval and explanation
    are None.
    """

    assessment: Assessment
    seen: Advised
    strategies: tuple[Advised, ...]
    scale: ProbabilityScale
    gap: Gap
    interval: Interval | None
    explanation: Explanation | None

    @property
    def is_recorded(self) -> bool:
        """Tell whether what is seen is the advice on record."""
        return self.seen.policy.pk == self.assessment.policy_id


def advice_of(assessment: Assessment | None, policies: Sequence[Policy] = (), chosen: Choices = USUAL) -> Advice | None:
    """Return the advice of an assessment as the reader chose to see it; None when there is no assessment.

    policies: one a strategy; the assessment's own stands for its strategy, as the record does.
    """
    if assessment is None:
        return None
    bundle = bundle_of(assessment)
    recorded = assessment.policy
    compared = [recorded if policy.strategy == recorded.strategy else policy for policy in policies]
    strategies = recommendations_under(assessment.probability, compared)
    seen = _chosen(strategies, chosen.strategy) or recommendations_under(assessment.probability, [recorded])[0]
    interval = interval_of(assessment.probability, bundle.population.bins) if bundle else None
    return Advice(
        assessment=assessment,
        seen=seen,
        strategies=strategies,
        scale=probability_scale(assessment.probability, seen.policy, bundle.population if bundle else None),
        gap=gap_of(assessment.probability, seen.policy, interval),
        interval=interval,
        explanation=explanation_of(assessment, bundle, chosen) if bundle else None,
    )


def explanation_of(assessment: Assessment, bundle: Bundle, chosen: Choices) -> Explanation:
    """Return what an assessment's contributions say, as the reader chose to see them."""
    reading = read(assessment, bundle, most=chosen.factors, is_folded=chosen.is_folded)
    return Explanation(
        reading=reading,
        reasons=reasons_of(assessment, bundle),
        bars=signed_bars(reading),
        origins=origin_bars(reading, assessment, bundle),
        has_opaque=any(map(is_opaque, bundle.features)),
    )


def bundle_of(assessment: Assessment) -> Bundle | None:
    """Give the bundle of an assessment; a lost one costs the page its explanation, not the file."""
    try:
        return registry.bundle_of(assessment.model_version)
    except BundleError:
        logger.exception("the bundle of model version %s cannot be read", assessment.model_version.number)
        return None


def _chosen(strategies: Sequence[Advised], strategy: str) -> Advised | None:
    return next((advised for advised in strategies if advised.policy.strategy == strategy), None)
