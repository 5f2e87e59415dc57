"""API keys: looked at, rotated and revoked; a new secret is shown once, in the message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import ApiKey, Scope, User
from applications.services.api_keys import NewKey, create_key, revoke_key, rotate_key

if TYPE_CHECKING:
    _ApiKeyAdmin = admin.ModelAdmin[ApiKey]
    _Form = forms.ModelForm[ApiKey]
else:
    _ApiKeyAdmin = admin.ModelAdmin
    _Form = forms.ModelForm


class NewKeyForm(_Form):
    """What a key is made of."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiKey
        fields = ("name", "person", "scopes")


@admin.register(ApiKey)
class ApiKeyAdmin(_ApiKeyAdmin):
    """Keys are never edited; a rotation makes the next one."""

    form = NewKeyForm
    list_display = ("name", "prefix", "person", "scopes", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("person",)
    actions = ("rotate", "revoke")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:  # noqa: FBT001
        chosen = form.cleaned_data
        actor = cast("User", request.user)
        made = create_key(chosen["name"], person=chosen["person"], scopes=chosen["scopes"], actor=actor)
        obj.pk = made.key.pk
        self._show(request, made)

    def _show(self, request: HttpRequest, made: NewKey) -> None:
        sentence = _("Copy the key of %(name)s now, it is shown only once: %(secret)s")
        self.message_user(request, sentence % {"name": made.key.name, "secret": made.secret}, messages.WARNING)

    @admin.action(description=gettext_lazy("Rotate: make the next key; the old one works for 7 more days"))
    def rotate(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset.filter(revoked_at=None):
            self._show(request, rotate_key(key, actor=cast("User", request.user)))

    @admin.action(description=gettext_lazy("Revoke: the key opens nothing from now on"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset.filter(revoked_at=None):
            revoke_key(key, actor=cast("User", request.user))
