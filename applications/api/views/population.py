"""Comparisons: the clients most like one, and a feature's figures over the population."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from applications.access import least_group
from applications.api.problems import Conflict, Unavailable
from applications.api.serializers_population import SimilarOut, StatisticsOut
from applications.api.views.base import Resource
from applications.group_forms import MOST_CONDITIONS, conditions_of, read_condition
from applications.selectors.application import open_application
from applications.selectors.peers import peers_at
from applications.selectors.population import Population, Similar, current_population, similar_to, values_of
from modelling.conditions import Mask, meeting
from modelling.summaries import count_levels, summarise

TOLD = 5  # features that set a client apart
_FILTER = OpenApiParameter(
    "filter",
    str,
    many=True,
    description=(
        "A condition, `feature:operator:value`; all that are given must hold, at most 4. Operators: eq, ne, lt, le, "
        "gt, ge, missing, known. A share is written in per cent, a word as published."
    ),
    examples=[OpenApiExample("Incomes from 100,000", value=["amt_income_total:ge:100000"])],
)


class SimilarClients(Resource):
    """The clients most like one."""

    @extend_schema(responses=SimilarOut)
    def get(self, request: Request, number: int) -> Response:
        """Read the 20 most similar clients, the nearest first; those you may not see are counted, not listed.

        No barred or controlled feature counts towards the distance.
        """
        application = open_application(request.user, number)
        if application.current_assessment is None:
            raise Conflict(_("This application has no assessment to compare by yet; ask for one first."))
        population = _population()
        similar = similar_to(population, application, values_of(application))
        places = similar.neighbours.places.tolist()
        found = peers_at(request.user, population, places)
        ranks = {place: rank for rank, place in enumerate(places)}
        told = {
            "application": number,
            "as_of": population.as_of,
            "model_version": population.version,
            "features": len(population.likeness.features),
            "found": len(places),
            "omitted": found.hidden,
            "results": [
                {
                    "number": peer.application.pk,
                    "distance": float(similar.neighbours.distances[ranks[peer.place]]),
                    "probability": peer.application.current_assessment.probability
                    if peer.application.current_assessment
                    else None,
                    "defaulted": None if peer.application.target is None else bool(peer.application.target),
                    "apart": _apart(population, similar, ranks[peer.place]),
                }
                for peer in found.peers
            ],
        }
        return Response(SimilarOut(told).data)


class FeatureStatistics(Resource):
    """A feature over the population, or part of it."""

    @extend_schema(parameters=[_FILTER], responses=StatisticsOut)
    def get(self, request: Request, key: str) -> Response:
        """Read the mean, spread, quartiles and counts of a feature among the clients who meet all filters."""
        population = _population()
        if key not in population.columns:
            raise Http404(_("There are no figures of such a feature; `features` lists those there are."))
        mask = _mask(request, population)
        clients = int(mask.sum())
        if clients < least_group(request.user):
            raise Conflict(_("Too few clients meet these filters for figures to be told; widen them."))
        told = {
            "feature": key,
            "as_of": population.as_of,
            "model_version": population.version,
            "clients": clients,
            **_figures(population, key, mask),
        }
        return Response(StatisticsOut(told).data)


def _population() -> Population:
    population = current_population()
    if population is None:
        raise Unavailable(_("The population is not laid out yet; ask again in a few minutes."))
    return population


def _mask(request: Request, population: Population) -> Mask:
    wanted = request.query_params.getlist("filter")
    if len(wanted) > MOST_CONDITIONS:
        raise ValidationError({"filter": _("At most %(count)s filters are expected.") % {"count": MOST_CONDITIONS}})
    asked = [read_condition(*_parts(each), population=population) for each in wanted]
    if faults := [each.fault for each in asked if each.fault]:
        raise ValidationError({"filter": faults})
    return meeting(population.columns, conditions_of(asked))


def _parts(text: str) -> tuple[str, str, str]:
    feature, _colon, rest = text.partition(":")
    operator, _colon, value = rest.partition(":")
    return feature, operator, value


def _figures(population: Population, key: str, mask: Mask) -> dict[str, Any]:
    values, levels = population.columns.column(key)[mask], population.columns.levels(key)
    if levels is not None:
        counts = count_levels(values, len(levels))
        return {"missing": counts[-1], "levels": dict(zip(levels, counts[:-1], strict=True))}
    summary = summarise(values)
    low, first, middle, third, high = summary.quantiles or (None,) * 5
    return {
        "missing": summary.missing,
        "mean": summary.mean,
        "standard_deviation": summary.deviation,
        "percentile_5": low,
        "quartile_1": first,
        "median": middle,
        "quartile_3": third,
        "percentile_95": high,
    }


def _apart(population: Population, similar: Similar, rank: int) -> list[dict[str, Any]]:
    """Say which features set a client apart, each with its share of the squared distance."""
    apart = similar.neighbours.apart[rank]
    order = (-apart).argsort(kind="stable")[:TOLD]
    whole = float(apart.sum())
    place = int(similar.neighbours.places[rank])
    names = population.likeness.features
    return [
        {
            "feature": names[column],
            "value": population.meaning(names[column], place),
            "share": float(apart[column]) / whole,
        }
        for column in order.tolist()
        if apart[column] > 0
    ]
