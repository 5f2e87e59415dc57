"""What a key may do: its scopes. What its person may see and do is asked of `applications.access`, as on pages."""

from __future__ import annotations

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from applications.models import ApiKey, Scope


class HasScope(BasePermission):
    """Let logged-in people in, and keys that have the view's scope (`scope`, or `scopes` by method)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether this request may go on."""
        if not request.user.is_authenticated:
            return False
        if not isinstance(request.auth, ApiKey):
            return True
        scopes = getattr(view, "scopes", {})
        return str(scopes.get(request.method, Scope.READ)) in request.auth.scopes
