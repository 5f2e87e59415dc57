"""Data quality: the reports on what was imported and put into snapshots, and one of them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applications.access import Action, require
from applications.selectors.quality import find_report, findings_of, report_page, rows_of


@login_required
@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.READ_QUALITY)
    before = request.GET.get("before", "")
    page = report_page(before=int(before) if before.isdecimal() and len(before) < 18 else None)
    return render(request, "quality/list.html", {"page": page, "is_later_page": bool(before)})


@login_required
@require_GET
def report(request: HttpRequest, number: int) -> HttpResponse:
    require(request.user, Action.READ_QUALITY)
    found = find_report(number)
    if found is None:
        raise Http404(_("There is no data quality report %(number)s.") % {"number": number})
    context = {"report": found, "findings": findings_of(found), "rows": rows_of(found)}
    return render(request, "quality/report.html", context)
