"""Assessments and explanations of one application."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from applications.access import Action, require
from applications.api.problems import Conflict
from applications.api.serializers import AssessmentOut, AssessmentStatus, ExplanationOut
from applications.api.views.base import Resource
from applications.charts.advice import bundle_of
from applications.charts.reading import read, reasons_of
from applications.models import Application, Scope
from applications.selectors.application import open_without_facts
from applications.selectors.state import assessment_state, open_request
from applications.services.assessment import request_for
from applications.tasks import enqueue

MOST_FACTORS = 1000


class Assessments(Resource):
    """The wish for an assessment."""

    scopes = {"POST": Scope.ASSESS}

    @extend_schema(request=None, responses={202: AssessmentStatus})
    def post(self, request: Request, number: int) -> Response:
        """Ask for an assessment of the facts as they are; look for it at the address in `Location`."""
        application = open_without_facts(request.user, number)
        require(request.user, Action.REQUEST_ASSESSMENT)
        (application.assessment_request,) = request_for({number: application.version})
        enqueue([number])
        location = reverse("api:assessment", args=[number])
        return Response(_status(application), status=status.HTTP_202_ACCEPTED, headers={"Location": location})


class CurrentAssessment(Resource):
    """The assessment that counts."""

    @extend_schema(responses=AssessmentStatus)
    def get(self, request: Request, number: int) -> Response:
        """Read how an application stands towards its assessment, and the one that counts."""
        return Response(_status(open_without_facts(request.user, number)))


class Explanation(Resource):
    """Why the probability came out."""

    @extend_schema(
        parameters=[OpenApiParameter("most", int, description="How many factors, the largest first; 1 to 1000, 15")],
        responses=ExplanationOut,
    )
    def get(self, request: Request, number: int) -> Response:
        """Read the explanation of the assessment that counts; its numbers add up to the probability."""
        application = open_without_facts(request.user, number)
        assessment, most = application.current_assessment, _most(request)
        bundle = bundle_of(assessment) if assessment else None
        if assessment is None or bundle is None:
            raise Conflict(_("This application has no assessment to explain yet; ask for one first."))
        reading, said = read(assessment, bundle, most=most), reasons_of(assessment, bundle)
        told = {
            "application": number,
            "probability": assessment.probability,
            "base": reading.base,
            "factors": reading.factors,
            "rest": reading.rest.contribution,
            "rest_count": reading.rest.count,
            "raising": said.raising,
            "lowering": said.lowering,
        }
        return Response(ExplanationOut(told).data)


def _status(application: Application) -> dict[str, Any]:
    pending, current = open_request(application), application.current_assessment
    return {
        "application": application.pk,
        "state": assessment_state(application),
        "error": str(pending.get_failure_display()) if pending else "",
        "assessment": AssessmentOut(current).data if current else None,
    }


def _most(request: Request) -> int:
    text = request.query_params.get("most", "15")
    if not text.isdecimal() or not 1 <= int(text) <= MOST_FACTORS:
        raise ValidationError({"most": _("A number from 1 to 1000 is expected here.")})
    return int(text)
