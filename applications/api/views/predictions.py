"""Probabilities computed now and not stored: of known applications, or of raw facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.access import Person, visible_applications
from applications.api import examples
from applications.api.serializers import Prediction, Predictions, PredictionsWanted, PredictionWanted
from applications.api.views.base import Resource
from applications.charts.reading import reasons_of
from applications.models import Assessment, Scope
from applications.services.assessing.computing import InForce, in_force
from applications.services.predictions import predict_facts, predict_known

_NOTHING = {"probability": None, "recommendation": None, "risk_level": None, "raising": (), "lowering": ()}


class OnePrediction(Resource):
    """One probability."""

    scopes = {"POST": Scope.PREDICT}

    @extend_schema(request=PredictionWanted, responses=Prediction, examples=examples.PREDICTIONS)
    def post(self, request: Request) -> Response:
        """Compute the probability of a known application, or of facts; nothing is stored."""
        wanted = PredictionWanted(data=request.data)
        wanted.is_valid(raise_exception=True)
        [told] = _predictions(request.user, [wanted.validated_data], in_force())
        if told["error"]:
            raise Http404(told["error"])
        return Response(Prediction(told).data)


class ManyPredictions(Resource):
    """Up to 1,000 probabilities."""

    scopes = {"POST": Scope.PREDICT}

    @extend_schema(request=PredictionsWanted, responses=Predictions, examples=examples.BATCHES)
    def post(self, request: Request) -> Response:
        """Compute probabilities in the order asked for; one that cannot be computed says why and stops no other."""
        wanted = PredictionsWanted(data=request.data)
        wanted.is_valid(raise_exception=True)
        told = _predictions(request.user, wanted.validated_data["items"], in_force())
        return Response(Predictions({"items": told}).data)


def _predictions(person: Person, wanted: Sequence[Mapping[str, Any]], used: InForce) -> list[dict[str, Any]]:
    numbers = [each["application"] for each in wanted if "application" in each]
    visible = list(visible_applications(person).filter(pk__in=numbers).values_list("pk", flat=True))
    known = predict_known(visible, used)
    of_facts = iter(predict_facts([each["facts"] for each in wanted if "facts" in each], used))
    return [
        _told(known.get(each["application"]), each["application"], used)
        if "application" in each
        else _told(next(of_facts), None, used)
        for each in wanted
    ]


def _told(assessment: Assessment | None, number: int | None, used: InForce) -> dict[str, Any]:
    told = {"application": number, "model_version": used.version.number}
    if assessment is None:
        error = _("There is no application %(number)s among those you may see.") % {"number": number}
        return {**told, **_NOTHING, "error": error}
    reasons = reasons_of(assessment, used.bundle)
    return {
        **told,
        "probability": assessment.probability,
        "recommendation": assessment.recommendation,
        "risk_level": assessment.risk_level,
        "raising": reasons.raising,
        "lowering": reasons.lowering,
        "error": "",
    }
