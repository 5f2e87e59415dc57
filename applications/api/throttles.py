"""So many requests a minute for each key, or for each person on the site."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from applications.models import ApiKey


class KeyThrottle(SimpleRateThrottle):
    """Count by key; one key's haste slows down no other."""

    scope = "api"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Return whose requests are counted together."""
        who = f"key-{request.auth.pk}" if isinstance(request.auth, ApiKey) else f"person-{request.user.pk}"
        return self.cache_format % {"scope": self.scope, "ident": who}
