"""Applications: list, read, submit."""

from __future__ import annotations

from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from applications.access import Action, find_agency, find_client, require, visible_applications
from applications.api import examples
from applications.api.idempotency import HEADER, once
from applications.api.pages import ByCursor
from applications.api.serializers import (
    ApplicationDetail,
    ApplicationFilters,
    ApplicationPage,
    ApplicationSummary,
    NewApplication,
)
from applications.api.views.base import Resource
from applications.models import Application, Client, Scope, User
from applications.selectors.application import open_application
from applications.services.intake import submit
from applications.services.numbers import next_number
from applications.tasks import enqueue

_RELATED = ("agency", "current_assessment", "assessment_request")
_IDEMPOTENCY = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, description="The same word, the same effect once")


class Applications(Resource):
    """The applications the key's person may see."""

    scopes = {"POST": Scope.SUBMIT}

    @extend_schema(operation_id="applications_search", parameters=[ApplicationFilters], responses=ApplicationPage)
    def get(self, request: Request) -> Response:
        """List applications, the newest first."""
        filters = ApplicationFilters(data=request.query_params.dict())
        filters.is_valid(raise_exception=True)
        found = _found(visible_applications(request.user), filters.validated_data)
        pages = ByCursor()
        rows = pages.paginate_queryset(found.select_related(*_RELATED), request, view=self) or []
        return pages.get_paginated_response(ApplicationSummary(rows, many=True).data)

    @extend_schema(
        request=NewApplication,
        responses={201: ApplicationSummary},
        parameters=[_IDEMPOTENCY],
        examples=examples.SUBMISSIONS,
    )
    def post(self, request: Request) -> Response:
        """Submit an application; its assessment is computed meanwhile, see its address `assessment`."""
        require(request.user, Action.REQUEST_ASSESSMENT)
        wanted = NewApplication(data=request.data)
        wanted.is_valid(raise_exception=True)
        return once(request, lambda: _submit(request, wanted.validated_data))


class OneApplication(Resource):
    """One application."""

    @extend_schema(responses=ApplicationDetail)
    def get(self, request: Request, number: int) -> Response:
        """Read an application with its facts."""
        return Response(ApplicationDetail(open_application(request.user, number)).data)


def _found(visible: QuerySet[Application], filters: dict[str, Any]) -> QuerySet[Application]:
    columns = {
        "stage": "stage",
        "recommendation": "current_assessment__recommendation",
        "agency": "agency__code",
        "received_from": "received_on__gte",
        "received_to": "received_on__lte",
    }
    return visible.filter(**{column: filters[name] for name, column in columns.items() if name in filters})


@transaction.atomic
def _submit(request: Request, wanted: dict[str, Any]) -> Response:
    number = next_number()
    client = _client(request, wanted.get("client"), number)
    agency = find_agency(request.user, wanted.get("agency"))
    if agency is None:
        raise ValidationError({"agency": _("This is no agency of those you may submit to; name one by its code.")})
    application = Application(
        sk_id_curr=number,
        client=client,
        agency=agency,
        received_on=wanted.get("received_on") or timezone.localdate(),
        **wanted["facts"],
    )
    submit(application, actor=cast("User", request.user))
    enqueue([number])
    location = reverse("api:application", args=[number])
    answer = ApplicationSummary(application).data
    return Response(answer, status=status.HTTP_201_CREATED, headers={"Location": location})


def _client(request: Request, number: int | None, new_number: int) -> Client:
    if number is None:
        return Client.objects.create(pk=new_number)
    try:
        return find_client(request.user, number)
    except Http404 as unknown:
        raise ValidationError({"client": str(unknown)}) from unknown
