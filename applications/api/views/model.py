"""The model version and policy in force, the features, and how much each counts."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.pages import part_of
from applications.api.problems import Unavailable
from applications.api.serializers import FeatureFilters, FeatureOut, FeaturePage, ImportanceOut, ModelOut, PolicyOut
from applications.api.views.base import Resource
from applications.selectors import dictionary
from applications.selectors.importance import Importance, importance_of, model_in_force
from applications.services.policies import policy_in_force
from modelling import registry


class Model(Resource):
    """The model version in force."""

    @extend_schema(responses=ModelOut)
    def get(self, request: Request) -> Response:
        """Read the champion: its number, digest, and metrics on rows it had not seen."""
        return Response(ModelOut(registry.champion()).data)


class PolicyInForce(Resource):
    """The policy in force."""

    @extend_schema(responses=PolicyOut)
    def get(self, request: Request) -> Response:
        """Read the thresholds and costs."""
        return Response(PolicyOut(policy_in_force()).data)


class GlobalExplanation(Resource):
    """How much each feature counts over the population."""

    @extend_schema(responses=ImportanceOut)
    def get(self, request: Request) -> Response:
        """Read the features of the model version in force, the most important first."""
        importance = _importance()
        if importance is None:
            raise Unavailable(_("No model version is in force; train one, then promote it."))
        ranked = sorted(importance.weights.items(), key=lambda item: item[1].rank)
        told = {
            "model_version": importance.model_number,
            "measure": importance.measure,
            "clients": importance.clients,
            "features": [{"name": name, "rank": each.rank, "share": each.share} for name, each in ranked],
        }
        return Response(ImportanceOut(told).data)


class Features(Resource):
    """The dictionary: every published column and every feature."""

    @extend_schema(operation_id="features_search", parameters=[FeatureFilters], responses=FeaturePage)
    def get(self, request: Request) -> Response:
        """Search columns and features."""
        asked = FeatureFilters(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        wanted: dict[str, Any] = dict(asked.validated_data)
        cursor, size = wanted.pop("cursor"), wanted.pop("page_size")
        found = dictionary.search(dictionary.entries(), dictionary.Wanted(**wanted))
        part = part_of(found, request, cursor=cursor, size=size)
        rows = FeatureOut([_entry(entry) for entry in part.rows], many=True).data
        return Response({"count": len(found), "next": part.next, "previous": part.previous, "results": rows})


class OneFeature(Resource):
    """One column or feature."""

    @extend_schema(responses=FeatureOut)
    def get(self, request: Request, key: str) -> Response:
        """Read what a column or feature is and how it is computed."""
        entry = dictionary.find_entry(key)
        if entry is None:
            raise Http404(_("The dictionary has no such entry."))
        return Response(FeatureOut(_entry(entry)).data)


def _importance() -> Importance | None:
    used = model_in_force()
    return importance_of(used) if used else None


def _entry(entry: dictionary.Entry) -> dict[str, Any]:
    words = {"label_fr": entry.label.fr, "label_en": entry.label.en}
    sentences = {"sentence_fr": entry.sentence.fr, "sentence_en": entry.sentence.en}
    names = ("key", "name", "table", "origin", "unit", "formula", "low", "high", "status", "is_opaque")
    return {**{name: getattr(entry, name) for name in names}, **words, **sentences}
