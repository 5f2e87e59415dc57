"""What changed between two assessments of an application."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from applications.charts.changes import changes_between
from applications.models import Assessment
from applications.selectors.application import open_application
from applications.selectors.assessments import assessments_of, facts_changed, read_whole


@login_required
@require_GET
@never_cache
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """Compare the two assessments asked for, or the last two; the earlier one always stands first."""
    application = open_application(request.user, number)
    listed = assessments_of(application)
    context: dict[str, object] = {"application": application, "assessments": listed}
    if len(listed) > 1:
        earlier, later = _asked(request, listed)
        whole = read_whole(application, (earlier, later))
        before, after = whole[earlier], whole[later]
        versions = {"after": before.application_version, "until": after.application_version}
        context |= {"changes": changes_between(before, after), "facts": facts_changed(application, **versions)}
    return render(request, "applications/changes.html", context)


def _asked(request: HttpRequest, listed: Sequence[Assessment]) -> tuple[int, int]:
    known = {str(assessment.pk): assessment.pk for assessment in listed}
    first, second = (known.get(request.GET.get(name, "")) for name in ("from", "to"))
    if first is None or second is None or first == second:
        return listed[1].pk, listed[0].pk
    return min(first, second), max(first, second)
