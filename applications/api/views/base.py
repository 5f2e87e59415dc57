"""What every address of the API shares: who may ask, how often, and how errors are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from applications.api.authentication import KeyAuthentication
from applications.api.permissions import HasScope
from applications.api.throttles import KeyThrottle


class Parser(JSONParser):
    """JSON; one nested so deep that Python cannot read it is malformed too, and no failure of ours."""

    def parse(self, *args: Any, **options: Any) -> Any:
        """Return the value; raises ParseError."""
        try:
            return super().parse(*args, **options)
        except RecursionError as error:
            raise ParseError(_("The body is nested too deep.")) from error


class Resource(APIView):
    """One address. scopes: what a key needs, by method; READ unless told."""

    authentication_classes = (KeyAuthentication, SessionAuthentication)
    permission_classes = (HasScope,)
    throttle_classes = (KeyThrottle,)
    parser_classes = (Parser,)
    renderer_classes = (JSONRenderer,)
    scopes: Mapping[str, str] = {}


@extend_schema(exclude=True)
class Nowhere(Resource):
    """Any other address under the API."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer every method alike: there is nothing here."""
        self.http_method_not_allowed = self._nothing  # type: ignore[method-assign]  # whatever the method
        return super().dispatch(request, *args, **kwargs)

    def _nothing(self, request: Request, *args: object, **kwargs: object) -> Response:
        raise Http404(_("There is no such address in the API."))
