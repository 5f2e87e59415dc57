"""What was recorded: requests, assessments, decisions and the audit log; admins read it, nobody edits it here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from applications.models import Assessment, AssessmentRequest, AuditEvent, Decision

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = admin.ModelAdmin


class ReadOnlyAdmin(_Admin):
    """A table to look at. The list shows no full count: it would read the whole table."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("id", "at", "kind", "actor", "subject_type", "subject_id")
    list_filter = ("kind", "at")
    list_select_related = ("actor",)
    search_fields = ("=subject_id",)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ("id", "application_id", "probability", "recommendation", "model_version", "policy", "created_at")
    list_filter = ("recommendation", "model_version", "policy")
    list_select_related = ("model_version", "policy")
    search_fields = ("=application__sk_id_curr",)
    exclude = ("values", "contributions")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("id", "application_id", "outcome", "actor", "created_at")
    list_filter = ("outcome", "created_at")
    list_select_related = ("actor",)
    search_fields = ("=application__sk_id_curr",)


@admin.register(AssessmentRequest)
class AssessmentRequestAdmin(ReadOnlyAdmin):
    list_display = ("application_id", "state", "queue", "attempts", "enqueued_at", "started_at", "error")
    list_filter = ("state", "queue")
    search_fields = ("=application__sk_id_curr",)
