"""All that an application's page says of an assessment: its reading, its place on the scale, how sure it is."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from applications.charts.gap import Gap, Interval, gap_of, interval_of
from applications.charts.probability_scale import ProbabilityScale, probability_scale
from applications.charts.reading import Reading, Reasons, read, reasons_of
from applications.charts.signed_bars import SignedBars, signed_bars
from applications.models import Assessment
from modelling import registry
from modelling.bundle import Bundle
from modelling.errors import BundleError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Advice:
    """What is said of one assessment. Without its bundle at hand, reading, reasons, bars and interval are None."""

    assessment: Assessment
    scale: ProbabilityScale
    gap: Gap
    interval: Interval | None
    reading: Reading | None
    reasons: Reasons | None
    bars: SignedBars | None


def advice_of(assessment: Assessment | None, *, most: int) -> Advice | None:
    """Return the advice of an assessment with its `most` largest factors; None when there is no assessment."""
    if assessment is None:
        return None
    bundle = _bundle_of(assessment)
    interval = interval_of(assessment.probability, bundle.population.bins) if bundle else None
    reading = read(assessment, bundle, most=most) if bundle else None
    return Advice(
        assessment=assessment,
        scale=probability_scale(assessment.probability, assessment.policy, bundle.population if bundle else None),
        gap=gap_of(assessment.probability, assessment.policy, interval),
        interval=interval,
        reading=reading,
        reasons=reasons_of(assessment, bundle) if bundle else None,
        bars=signed_bars(reading) if reading else None,
    )


def _bundle_of(assessment: Assessment) -> Bundle | None:
    """Give the bundle; a lost one costs the page its explanation, not the file."""
    try:
        return registry.bundle_of(assessment.model_version)
    except BundleError:
        logger.exception("the bundle of model version %s cannot be read", assessment.model_version.number)
        return None
