"""Taking in facts: an application is submitted, or facts of it change."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from applications import audit
from applications.models import Application, Kind, Stage, User
from applications.services.assessment import request_for

# What every application says of itself; all else may be missing.
NEEDED = ("name_contract_type", "amt_income_total", "amt_credit", "amt_annuity", "days_birth")
# What nobody is asked for: the moment of submission tells it.
TOLD_BY_THE_CLOCK = ("weekday_appr_process_start", "hour_appr_process_start")


@transaction.atomic(savepoint=False)
def submit(application: Application, *, actor: User) -> Application:
    """Store a new application, which asks for its first assessment; the caller enqueues it.

    Its number is one of `next_number`, client and agency are rows, so nothing is asked of the database about them.
    """
    application.clean_fields(exclude={"client", "agency"})
    application.save(force_insert=True)
    return _recorded(application, actor, changed=())


@transaction.atomic
def change_facts(application: Application, *, actor: User, changed: Collection[str]) -> Application:
    """Store the named facts, which were set on the application, as a new version that asks for a new assessment.

    The caller enqueues it. Nothing happens when nothing changed; other columns keep what the database has.
    """
    if not changed:
        return application
    application.full_clean()
    row = Application.objects.select_for_update(of=("self",)).filter(pk=application.pk)
    row.update(version=F("version") + 1, stage=Stage.TO_ASSESS)
    application.version, application.stage = row.values_list("version", flat=True).get(), Stage.TO_ASSESS
    application.save(update_fields=sorted(changed))
    return _recorded(application, actor, changed)


def _recorded(application: Application, actor: User, changed: Collection[str]) -> Application:
    (application.assessment_request,) = request_for({application.pk: application.version})
    data = {"version": application.version, "fields": sorted(changed)}
    audit.record(Kind.APPLICATION_CHANGED, actor=actor, subject=application, data=data)
    return application
