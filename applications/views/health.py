"""Whether the site lives, and whether it can serve: for load balancers and for whoever starts it."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.services import health


@require_GET
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


@require_GET
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    parts = health.check_parts()
    is_ready = all(part.is_up for part in parts)
    body = {"ready": is_ready, "parts": [part.as_json() for part in parts]}
    return JsonResponse(body, status=200 if is_ready else 503)
