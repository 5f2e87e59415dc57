"""The map of the tables."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.charts.table_map import draw_tables
from applications.selectors.table_map import relations, table_counts, table_facts


@login_required
@require_GET
def table_map(request: HttpRequest) -> HttpResponse:
    tables = table_facts(table_counts())
    context = {
        "tables": tables,
        "relations": relations(),
        "drawing": draw_tables(tables, relations()),
        "counted_at": min((table.count.counted_at for table in tables if table.count), default=None),
    }
    return render(request, "tables/map.html", context)
