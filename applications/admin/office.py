"""Agencies, people and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from applications.models import Agency, Draft, Policy, ScoredFile, User
from applications.services.policies import activate
from applications.services.second_factor import reset

if TYPE_CHECKING:
    _AgencyAdmin = admin.ModelAdmin[Agency]
    _DraftAdmin = admin.ModelAdmin[Draft]
    _PolicyAdmin = admin.ModelAdmin[Policy]
    _ScoredFileAdmin = admin.ModelAdmin[ScoredFile]
    _UserAdmin = DjangoUserAdmin[User]
else:
    _AgencyAdmin = _DraftAdmin = _PolicyAdmin = _ScoredFileAdmin = admin.ModelAdmin
    _UserAdmin = DjangoUserAdmin


# Their pages would show the keys; a lost device is reset on its person's page.
admin.site.unregister([TOTPDevice, StaticDevice])


@admin.register(Agency)
class AgencyAdmin(_AgencyAdmin):
    list_display = ("code", "name")
    search_fields = ("code", "name")


@admin.register(Draft)
class DraftAdmin(_DraftAdmin):
    """Who keeps drafts, for deleting those of somebody who left; what is in them is their author's alone."""

    list_display = ("number", "author", "changed_at")
    list_select_related = ("author",)
    search_fields = ("author__username",)
    exclude = ("answers", "client")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Draft | None = None) -> bool:
        return False


@admin.register(ScoredFile)
class ScoredFileAdmin(_ScoredFileAdmin):
    """Who had files scored; what is in them is their author's alone."""

    list_display = ("pk", "author", "lines", "state", "model_version", "uploaded_at")
    list_select_related = ("author", "model_version")
    search_fields = ("author__username",)
    exclude = ("name", "items", "results")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ScoredFile | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(_UserAdmin):
    list_display = ("username", "role", "agency", "is_active", "last_login")
    list_filter = ("role", "agency", "is_active")
    list_select_related = ("agency",)
    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), (gettext_lazy("Work"), {"fields": ("role", "agency")}))
    add_fieldsets = (*DjangoUserAdmin.add_fieldsets, (gettext_lazy("Work"), {"fields": ("role", "agency")}))

    actions = ("forget_second_factor",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deny: a person's deeds stay theirs; a person who leaves is made inactive."""
        return False

    @admin.action(description=gettext_lazy("Reset the second factor: a lost device"), permissions=["change"])
    def forget_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            reset(person, actor=cast("User", request.user))
        self.message_user(request, _("At the next login, a new device is set up."))


@admin.register(Policy)
class PolicyAdmin(_PolicyAdmin):
    """Policies are written once; a change is a new version, put in force by the action."""

    list_display = ("__str__", "strategy", "version", "cost_ratio", "accept_below", "refuse_from", "is_active")
    list_filter = ("strategy", "is_active")
    exclude = ("is_active", "created_by")
    actions = ("put_in_force",)

    def has_change_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        return obj is None

    def has_delete_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.created_by = cast("User", request.user)
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Put the chosen policy in force"), permissions=["add"])
    def put_in_force(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        if queryset.count() != 1:
            self.message_user(request, _("Choose one policy."), messages.ERROR)
            return
        policy = activate(queryset.get(), actor=cast("User", request.user))
        self.message_user(request, _("%(policy)s is in force.") % {"policy": policy})
