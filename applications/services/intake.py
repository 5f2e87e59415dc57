"""Taking in facts: an application is submitted, or facts of it change."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from applications import audit
from applications.models import Application, Kind, Stage, User
from applications.services.assessment import request_assessments


@transaction.atomic
def save_facts(application: Application, *, actor: User, changed: Collection[str]) -> Application:
    """Save an application whose named facts were set, as a new version that asks for a new assessment.

    The caller enqueues it. Nothing happens when nothing changed.
    """
    is_new = application._state.adding
    if not is_new and not changed:
        return application
    application.stage = Stage.TO_ASSESS
    application.full_clean()
    if not is_new:
        application.version = _next_version(application)
    application.save()
    request_assessments([application.pk])
    audit.record(
        Kind.APPLICATION_CHANGED,
        actor=actor,
        subject=application,
        data={"version": application.version, "fields": sorted(changed), "is_new": is_new},
    )
    return application


def _next_version(application: Application) -> int:
    row = Application.objects.select_for_update(of=("self",)).filter(pk=application.pk)
    row.update(version=F("version") + 1)
    return row.values_list("version", flat=True).get()
