"""Who asks: a machine by its key, in the header `Authorization: Bearer …`, or a person logged in on the site."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from applications.models import ApiKey, User
from applications.services.api_keys import find_key

_SCHEME = "Bearer"


class KeyAuthentication(BaseAuthentication):
    """Take the key of the header; the request then acts for the key's person."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """Return person and key; None when another way of logging in may know better."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme != _SCHEME:
            return None
        key = find_key(secret.strip())
        if key is None:
            raise AuthenticationFailed(_("This API key is unknown, expired or revoked."))
        return key.person, key

    def authenticate_header(self, request: Request) -> str:
        """Return what a refused client should send."""
        return _SCHEME


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular leaves it untyped
    """Tell the schema of the key."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A key made by an administrator: `pad_…`."}
