"""What was recorded: requests, assessments, decisions and the audit log; admins read it, nobody edits it here."""

from __future__ import annotations

from django.contrib import admin

from applications.models import (
    Alert,
    Assessment,
    AssessmentChunk,
    AssessmentRequest,
    AssessmentRun,
    AuditEvent,
    Decision,
    KeptAnswer,
    ObservedOutcome,
    Preferences,
    PromotionRequest,
    ProxyNote,
    SavedFilter,
    Tally,
    WhatIfNote,
)
from modelling.admin import ReadOnlyAdmin


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
    list_display = ("application_id", "state", "queue", "attempts", "enqueued_at", "started_at", "failure")
    list_filter = ("state", "queue")
    search_fields = ("=application__sk_id_curr",)


@admin.register(AssessmentRun)
class AssessmentRunAdmin(ReadOnlyAdmin):
    list_display = ("id", "state", "where", "total", "model_version", "policy", "started_by", "started_at", "failure")
    list_filter = ("state",)
    list_select_related = ("model_version", "policy", "started_by")


@admin.register(AssessmentChunk)
class AssessmentChunkAdmin(ReadOnlyAdmin):
    list_display = ("run", "number", "state", "size", "assessed", "failed", "attempts", "finished_at", "failure")
    list_filter = ("state", "run")
    list_select_related = ("run",)


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "raised_at", "seen_at", "seen_by")
    list_filter = ("kind",)
    list_select_related = ("seen_by",)


@admin.register(ObservedOutcome)
class ObservedOutcomeAdmin(ReadOnlyAdmin):
    list_display = ("application_id", "observed_on", "defaulted", "imported_at")
    list_filter = ("defaulted",)
    search_fields = ("=application__sk_id_curr",)


@admin.register(Tally)
class TallyAdmin(ReadOnlyAdmin):
    list_display = ("name", "counted_at", "stamp")
    exclude = ("facts",)


@admin.register(PromotionRequest)
class PromotionRequestAdmin(ReadOnlyAdmin):
    list_display = ("id", "version", "state", "requested_by", "ruled_by")
    list_select_related = ("version", "requested_by", "ruled_by")


@admin.register(ProxyNote)
class ProxyNoteAdmin(ReadOnlyAdmin):
    list_display = ("id", "version", "feature", "noted_by", "noted_at")
    list_select_related = ("version", "noted_by")


@admin.register(WhatIfNote)
class WhatIfNoteAdmin(ReadOnlyAdmin):
    list_display = ("application_id", "author", "probability", "recommendation", "created_at")
    list_select_related = ("author",)
    search_fields = ("=application__sk_id_curr",)


@admin.register(KeptAnswer)
class KeptAnswerAdmin(ReadOnlyAdmin):
    list_display = ("key", "word", "status", "created_at")
    list_select_related = ("key",)


admin.site.register([Preferences, SavedFilter], ReadOnlyAdmin)
