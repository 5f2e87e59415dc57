"""The dictionary of columns and features, and one entry of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applications.charts.feature_facts import feature_facts
from applications.forms import DictionaryForm
from applications.selectors.dictionary import Entry, Through, by_importance, entries, find_entry, search, through
from applications.selectors.importance import Importance, Weight, importance_of, model_in_force

PAGE_SIZE = 25


@dataclass(frozen=True)
class Row:
    """One entry with its importance, and that of what is made of it; None for what the model in force does not read."""

    entry: Entry
    weight: Weight | None
    through: Through | None


@login_required
@require_GET
def dictionary(request: HttpRequest) -> HttpResponse:
    form = DictionaryForm(request.GET)
    form.is_valid()  # a filter that makes no sense says so in the form, and is left open
    used = model_in_force()
    importance = importance_of(used) if used else None
    found = search(by_importance(entries(), importance), form.wanted)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": _rows(page.object_list, importance),
        "importance": importance,
        "entry_count": len(entries()),
        "is_filtered": any(value for name, value in request.GET.items() if name != "page"),
    }
    return render(request, "dictionary/list.html", context)


@login_required
@require_GET
def entry(request: HttpRequest, key: str) -> HttpResponse:
    found = find_entry(key)
    if found is None:
        raise Http404(_("The dictionary has no entry called “%(key)s”.") % {"key": key})
    used = model_in_force()
    importance = importance_of(used) if used else None
    context: dict[str, Any] = {
        "entry": found,
        "importance": importance,
        "row": _row(found, importance),
        "facts": feature_facts(used.bundle, key) if used else None,
        "reads": _rows(map(find_entry, found.reads), importance),
        "read_by": _rows(map(find_entry, found.read_by), importance),
    }
    return render(request, "dictionary/entry.html", context)


def _rows(found: Iterable[Entry | None], importance: Importance | None) -> tuple[Row, ...]:
    return tuple(_row(entry, importance) for entry in found if entry is not None)


def _row(entry: Entry, importance: Importance | None) -> Row:
    return Row(entry, importance.weights.get(entry.key) if importance else None, through(entry, importance))
