"""What if: other facts tried out on an application, and the trial kept as a note when somebody wants that."""

from __future__ import annotations

from django.db import transaction

from applications import audit, sources
from applications.models import Application, Assessment, Kind, Recommendation, User, WhatIfNote
from applications.services.assessing.computing import InForce, in_force
from applications.services.limits import Limits, limits_of
from applications.services.trials import Changes, assess_tables, changed


def try_out(application: Application, changes: Changes) -> Assessment:
    """Return, unsaved, what the machine in force would say with these facts and the client's real credit history.

    Raises ModellingError or NoPolicyError when no model version or policy is in force.
    """
    tables = sources.tables_of([application.pk])
    return assess_tables(changed(tables, changes), in_force())[0]


def limits_for(application: Application, assessment: Assessment) -> Limits | None:
    """Return the bounds under which the loan would be advised; None when it is advised already."""
    if assessment.recommendation == Recommendation.ACCEPT:
        return None
    used: InForce = in_force()
    return limits_of(sources.tables_of([application.pk]), used)


@transaction.atomic
def keep_note(application: Application, tried: Assessment, *, changes: Changes, author: User, text: str) -> WhatIfNote:
    """Keep a trial as a note on the assessment that counts, with its audit event; the application stays as it is."""
    note = WhatIfNote(
        application=application,
        assessment=application.current_assessment,
        author=author,
        changes=dict(changes),
        probability=tried.probability,
        recommendation=tried.recommendation,
        text=text,
    )
    note.full_clean()
    note.save()
    facts = {"note": note.pk, "fields": sorted(changes), "probability": tried.probability}
    audit.record(Kind.WHAT_IF_KEPT, actor=author, subject=application, data=facts)
    return note
