"""Model versions as people read them: the list, and the card that tells all of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from applications.models import PromotionRequest, PromotionState
from applications.selectors.fairness import Fairness, fairness_of
from modelling.features.catalogue import CATALOGUE, Feature, LegalStatus
from modelling.models import HeldOutReading, ModelVersion, TrainingRun
from modelling.training.metrics import METRICS
from modelling.training.pricing import is_calibration_alarm

Figure = Mapping[str, float | None]


@dataclass(frozen=True)
class CostRow:
    """What one cost ratio means on the clients of the training, each predicted out of fold.

    best: the cheapest threshold, with its interval. gap: how far it lies from `calibrated`, as a share of that.
    """

    ratio: float
    calibrated: float
    best: Figure
    gap: float
    is_alarming: bool
    approval_rate: Figure
    cost: Figure
    loss: Figure | None


@dataclass(frozen=True)
class QualityRow:
    """One measure of quality, out of fold and at each reading of held-out rows."""

    name: str
    figure: Figure
    held_out: tuple[Figure, ...]


@dataclass(frozen=True)
class ModelCard:
    """All that is known of a model version; parts that its training did not measure are empty or None.

    grades: risk grades, the safest first, predicted beside observed. controlled: those of its features that a person
    switched on. tables: number of features by table.
    """

    version: ModelVersion
    quality: tuple[QualityRow, ...]
    costs: tuple[CostRow, ...]
    money: Mapping[str, Any] | None
    grades: tuple[Mapping[str, Any], ...]
    calibration_kind: str
    readings: tuple[HeldOutReading, ...]
    run: TrainingRun | None
    requests: tuple[PromotionRequest, ...]
    controlled: tuple[Feature, ...]
    fairness: Fairness | None
    tables: Mapping[str, int]

    @property
    def report(self) -> Mapping[str, Any]:
        """Return the report of the training."""
        report: Mapping[str, Any] = self.version.report
        return report

    @property
    def open_request(self) -> PromotionRequest | None:
        """Return the request that waits for a ruling."""
        return next((each for each in self.requests if each.state == PromotionState.OPEN), None)


def model_versions() -> QuerySet[ModelVersion]:
    """Return all versions, the last first, without their long reports."""
    return ModelVersion.objects.select_related("promoted_by").defer("report", "features").order_by("-number")


def version_in_force() -> ModelVersion | None:
    """Return the champion; None when there is none."""
    return ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).first()


def find_version(number: int) -> ModelVersion:
    """Return a version by its number. Raises Http404."""
    found = ModelVersion.objects.select_related("promoted_by").filter(number=number).first()
    if found is None:
        raise Http404(_("There is no model version %(number)s.") % {"number": number})
    return found


def card_of(version: ModelVersion) -> ModelCard:
    """Return the card of a version, as a page and as Markdown show it."""
    calibration = version.report.get("calibration", {})
    features = [CATALOGUE[name] for name in version.features if name in CATALOGUE]
    readings = tuple(version.readings.order_by("read_at"))
    return ModelCard(
        version=version,
        quality=tuple(_quality_row(name, version, readings) for name in METRICS if name in version.metrics),
        costs=tuple(_cost_row(each) for each in version.report.get("costs", ())),
        money=version.report.get("money"),
        grades=tuple(calibration.get("grades", ())),
        calibration_kind=calibration.get("kept", ""),
        readings=readings,
        run=version.runs.order_by("started_at").last(),
        requests=tuple(version.promotion_requests.select_related("requested_by", "ruled_by")),
        controlled=tuple(feature for feature in features if feature.status is LegalStatus.CONTROLLED),
        fairness=fairness_of(version),
        tables=_by_table(features),
    )


def _quality_row(name: str, version: ModelVersion, readings: tuple[HeldOutReading, ...]) -> QualityRow:
    return QualityRow(name, version.metrics[name], tuple(each.figures["metrics"][name] for each in readings))


def _by_table(features: list[Feature]) -> Mapping[str, int]:
    tables: dict[str, int] = {}
    for feature in features:
        tables[feature.source] = tables.get(feature.source, 0) + 1
    return tables


def _cost_row(found: Mapping[str, Any]) -> CostRow:
    best = found["best_on_these_rows"]
    return CostRow(
        ratio=found["cost_ratio"],
        calibrated=found["calibrated_threshold"],
        best={"value": best["threshold"], "low": best["low"], "high": best["high"]},
        gap=found["gap"],
        is_alarming=is_calibration_alarm(dict(found), limit=settings.CALIBRATION_GAP_LIMIT),
        approval_rate=found["policy"]["approval_rate"],
        cost=found["policy"]["cost_per_application"],
        loss=found["policy"].get("loss_of_the_sum_lent"),
    )
