"""What a person wants to see: columns of the list, facts of the client, filters kept by name."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.access import find_application
from applications.forms import ClientFieldsForm, ColumnsForm, ListingForm, SavedFilterForm
from applications.models import SavedFilter, User
from applications.selectors.facts import CHOOSABLE, USUAL
from applications.selectors.preferences import preferences_of
from applications.services import preferences


@login_required
@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    form = ColumnsForm(request.POST, person=request.user)
    if form.is_valid():
        preferences.choose_columns(_person(request), form.cleaned_data["columns"])
    else:
        _say_what_is_wrong(request, form)
    return _back_to_list(request)


@login_required
@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        _say_what_is_wrong(request, form)
        return _back_to_list(request)
    wanted = ListingForm(QueryDict(form.cleaned_data["query"]), person=request.user)
    wanted.is_valid()
    try:
        saved = preferences.save_filter(_person(request), name=form.cleaned_data["name"], query=wanted.query)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return _back_to_list(request)
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": saved.name})
    return HttpResponseRedirect(f"{reverse('application_list')}?{saved.query}")


@login_required
@require_POST
def forget_filter(request: HttpRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedFilter, pk=pk, person=request.user)
    saved.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": saved.name})
    return redirect("application_list")


@login_required
@require_http_methods(["GET", "POST"])
def choose_client_fields(request: HttpRequest, number: int) -> HttpResponse:
    """Show the facts there are, those the person sees ticked; remember the choice for every application."""
    application = find_application(request.user, number)
    chosen = preferences_of(request.user).client_fields or USUAL
    form = ClientFieldsForm(request.POST or None, initial={"names": chosen})
    if request.method == "POST" and form.is_valid():
        names = [] if "usual" in request.POST else form.cleaned_data["names"]
        preferences.choose_client_fields(_person(request), names)
        return redirect("application", application.pk)
    ticked = set(form["names"].value() or ())
    context = {"application": application, "form": form, "groups": CHOOSABLE, "ticked": ticked}
    return render(request, "applications/fields.html", context)


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)  # who is logged in is one of ours


def _say_what_is_wrong(request: HttpRequest, form: Form) -> None:
    for name, errors in form.errors.items():
        messages.error(request, f"{form.fields[name].label or name}: {errors[0]}")


def _back_to_list(request: HttpRequest) -> HttpResponse:
    """Lead back to the list as it was filtered."""
    back = request.POST.get("back", "")
    is_ours = back.startswith(reverse("application_list")) and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours else reverse("application_list"))
