"""Whether the site lives, whether it can serve, and its figures: for load balancers and monitors."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from applications.metrics import exposition
from applications.services import health


@require_GET
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


@require_GET
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    parts = health.check_parts()
    is_ready = all(part.is_up for part in parts if part.is_vital)
    body = {"ready": is_ready, "parts": [part.as_json() for part in parts]}
    return JsonResponse(body, status=200 if is_ready else 503)


@require_GET
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus, which shows `METRICS_TOKEN`; for anybody else the address does not exist."""
    shown = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(shown, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
