"""The list of applications, the search by number, and the way to the next one to decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applications.access import Action, may
from applications.forms import ColumnsForm, ListingForm
from applications.selectors import listing
from applications.selectors.listing import USUAL_COLUMNS, Column, Order
from applications.selectors.preferences import preferences_of, saved_filters_of

# What a click on a column's head asks for: first this, then the other way round.
HEADS = {
    "amount": (Order.LARGEST, Order.SMALLEST),
    "probability": (Order.RISKIEST, Order.SAFEST),
    "received": (Order.NEWEST, Order.OLDEST),
}


@login_required
@require_GET
def application_list(request: HttpRequest) -> HttpResponse:
    form = ListingForm(request.GET, person=request.user)
    form.is_valid()  # a filter that makes no sense says so in the form, and is left open
    page = listing.list_applications(
        request.user, form.wanted, page=_page_number(request.GET), today=timezone.localdate()
    )
    context = {
        "form": form,
        "page": page,
        "desk": listing.desk_of(request.user),
        **_about(request, form.wanted, page),
        **_chosen_by(request),
    }
    return render(request, "applications/list.html", context)


@login_required
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Open the application of this number, or show those whose number begins like it."""
    text = "".join(request.GET.get("number", "").split())
    number = listing.find_number(request.user, text)
    if number is not None:
        return redirect("application", number)
    query = QueryDict(mutable=True)
    query["number"] = text
    return redirect(f"{reverse('application_list')}?{query.urlencode()}")


@login_required
@require_GET
def next_to_decide(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    number = listing.next_to_decide(request.user, after=int(after) if after.isdecimal() and len(after) < 19 else None)
    if number is None:
        messages.info(request, _("Nothing waits for your decision."))
        return redirect("application_list")
    return redirect("application", number)


def _about(request: HttpRequest, wanted: listing.Wanted, page: listing.ListPage) -> dict[str, Any]:
    """Say what the person may do here, how the list was narrowed, and where its links lead."""
    return {
        "may_decide": may(request.user, Action.DECIDE),
        "may_assess": may(request.user, Action.REQUEST_ASSESSMENT),
        "is_filtered": any(value for name, value in request.GET.items() if name not in {"order", "page"}),
        "is_by_probability": wanted.order in listing.BY_PROBABILITY,
        "is_at_last_page": page.number == listing.LAST_PAGE,
        "heads": _heads(request.GET, wanted.order),
        "links": _links(request.GET, page.number),
    }


def _chosen_by(request: HttpRequest) -> dict[str, Any]:
    """Say which columns the person sees, and which filters are kept."""
    columns = frozenset(preferences_of(request.user).columns) or USUAL_COLUMNS
    if not may(request.user, Action.SEE_ALL_AGENCIES):
        columns -= {Column.AGENCY}
    return {
        "columns": columns,
        "columns_form": ColumnsForm(person=request.user, initial={"columns": sorted(columns)}),
        "saved_filters": saved_filters_of(request.user),
    }


def _page_number(query: QueryDict) -> int:
    text = query.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def _heads(query: QueryDict, order: Order) -> dict[str, dict[str, Any]]:
    return {column: _head(query, order, *orders) for column, orders in HEADS.items()}


def _head(query: QueryDict, order: Order, falling: Order, rising: Order) -> dict[str, Any]:
    sort = {falling: "descending", rising: "ascending"}.get(order, "")
    return {"sort": sort, "query": _query(query, order=rising if order == falling else falling)}


def _links(query: QueryDict, page: int) -> dict[str, str]:
    return {"previous": _query(query, page=page - 1), "next": _query(query, page=page + 1)}


def _query(query: QueryDict, *, order: Order | None = None, page: int | None = None) -> str:
    changed = query.copy()
    changed.pop("page", None)
    if order:
        changed["order"] = order
    if page:
        changed["page"] = str(page)
    return changed.urlencode()
