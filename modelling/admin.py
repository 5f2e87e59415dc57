"""Model versions and trainings in the admin, to be read: they are made by training and promotion alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from modelling.models import (
    ComparisonRun,
    DriftFinding,
    DriftReport,
    FairnessReport,
    HeldOutReading,
    ModelVersion,
    QualityReport,
    Study,
    TrainingRun,
)

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


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    """Versions by number, the last first."""

    list_display = ("number", "state", "snapshot_name", "is_demo", "created_at", "promoted_at", "promoted_by")
    list_filter = ("state", "is_demo")
    list_select_related = ("promoted_by",)


@admin.register(FairnessReport)
class FairnessReportAdmin(ReadOnlyAdmin):
    """Fairness reports, the last first."""

    list_display = ("made_at", "version", "threshold")
    list_select_related = ("version",)


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnlyAdmin):
    """Trainings, the last first."""

    list_display = ("started_at", "finished_at", "state", "snapshot_name", "seed", "version")
    list_filter = ("state",)
    list_select_related = ("version",)


@admin.register(Study)
class StudyAdmin(ReadOnlyAdmin):
    """Studies, the last begun first."""

    list_display = ("name", "started_at", "finished_at", "state", "snapshot_name", "seed")
    list_filter = ("state",)


@admin.register(HeldOutReading)
class HeldOutReadingAdmin(ReadOnlyAdmin):
    """Readings of held-out rows, the last first."""

    list_display = ("read_at", "version", "rows_digest")
    list_filter = ("version",)
    list_select_related = ("version",)


@admin.register(ComparisonRun)
class ComparisonRunAdmin(ReadOnlyAdmin):
    """Comparisons, the last first."""

    list_display = ("started_at", "finished_at", "subject", "state", "snapshot_name", "seed")
    list_filter = ("subject", "state")


@admin.register(QualityReport)
class QualityReportAdmin(ReadOnlyAdmin):
    """Data quality reports, the last first."""

    list_display = ("id", "made_at", "occasion", "subject", "verdict", "compared_with", "accepted_by")
    list_filter = ("occasion", "verdict")
    list_select_related = ("compared_with", "accepted_by")
    search_fields = ("subject",)


@admin.register(DriftReport)
class DriftReportAdmin(ReadOnlyAdmin):
    """Drift reports, the last first."""

    list_display = ("measured_at", "version", "received_from", "received_to", "clients_now", "score_psi")
    list_filter = ("version",)
    list_select_related = ("version",)


@admin.register(DriftFinding)
class DriftFindingAdmin(ReadOnlyAdmin):
    """How far each feature moved."""

    list_display = ("report", "feature", "psi", "statistic", "missing_then", "missing_now", "unseen_share")
    list_filter = ("report",)
    search_fields = ("feature",)
