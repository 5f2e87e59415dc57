"""Logging in: name and password, then, for roles that can do much, a code from the person's own device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import django_otp
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from rest_framework.throttling import SimpleRateThrottle

from applications.addresses import client_address
from applications.models import User
from applications.services import second_factor


class _PasswordTries(SimpleRateThrottle):
    """So many passwords a minute from one machine, whatever the names: it slows a list of names down, not an office."""

    scope = "login"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"login-from:{client_address(request)}"


class Login(LoginView):
    """The login page, which a machine may try so many times a minute."""

    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not _PasswordTries().allow_request(request, self):  # type: ignore[arg-type]  # it reads the address only
            return render(request, "locked_out.html", status=429)
        return super().post(request, *args, **kwargs)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the person's device, or help to set one up."""
    person = cast("User", request.user)
    if second_factor.has_second_factor(person):
        return _ask(request, person)
    return _set_up(request, person)


def _ask(request: HttpRequest, person: User) -> HttpResponse:
    if request.method == "GET":
        return render(request, "registration/code.html", {"next": _next(request)})
    device = second_factor.verify(person, request.POST.get("code", "").strip())
    if device is None:
        return _again(request, "registration/code.html", {})
    django_otp.login(request, device)
    return redirect(_next(request))


def _set_up(request: HttpRequest, person: User) -> HttpResponse:
    device = second_factor.device_to_set_up(person)
    shown = {"picture": second_factor.picture(device), "key": second_factor.key_of(device)}
    if request.method == "GET":
        return render(request, "registration/set_up_code.html", {**shown, "next": _next(request)})
    confirmed = second_factor.confirm(person, request.POST.get("code", "").strip())
    if confirmed is None:
        return _again(request, "registration/set_up_code.html", shown)
    django_otp.login(request, confirmed.device)
    context = {"codes": confirmed.recovery_codes, "next": _next(request)}
    return render(request, "registration/recovery_codes.html", context)


def _again(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    sentence = _(
        "This code is not right, or it was tried too soon after a wrong one. Wait for the next code, then type it."
    )
    return render(request, template, {**context, "error": sentence, "next": _next(request)}, status=400)


def _next(request: HttpRequest) -> str:
    """Return where the person was going; the list of applications when that is not on this site."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)
