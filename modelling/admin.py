"""Model versions and trainings in the admin, to be read: they are made by training and promotion alone."""

from __future__ import annotations

from django.contrib import admin

from modelling.models import ModelVersion, TrainingRun


def _never(*_request: object, **_row: object) -> bool:
    return False


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Shows rows; adds, changes and deletes none."""

    has_add_permission = has_change_permission = has_delete_permission = _never


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    """Versions by number, the last first."""

    list_display = ("number", "state", "snapshot_name", "is_demo", "created_at", "promoted_at", "promoted_by")
    list_filter = ("state", "is_demo")
    list_select_related = ("promoted_by",)


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnlyAdmin):
    """Trainings, the last first."""

    list_display = ("started_at", "finished_at", "state", "snapshot_name", "seed", "version")
    list_filter = ("state",)
    list_select_related = ("version",)
