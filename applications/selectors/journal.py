"""The audit log as a person reads it: the newest events first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from applications.models import Assessment, AuditEvent, Kind

PAGE_SIZE = 50


@dataclass(frozen=True)
class JournalPage:
    """One page of events. next_before: where the page after begins; None on the last."""

    events: tuple[AuditEvent, ...]
    next_before: int | None


def journal_page(*, application: int | None = None, kind: Kind | None = None, before: int | None = None) -> JournalPage:
    """Return events by falling number, those below `before`, of one application or of one kind if asked."""
    events = AuditEvent.objects.select_related("actor").order_by("-pk")
    if application is not None:
        events = events.filter(_about(application))
    if kind:
        events = events.filter(kind=kind)
    if before is not None:
        events = events.filter(pk__lt=before)
    found = tuple(events[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return JournalPage(shown, shown[-1].pk if len(found) > PAGE_SIZE else None)


def _about(application: int) -> Q:
    """Match the events of an application, and those of the parts of the book it was assessed with."""
    chunks = Assessment.objects.filter(application=application, chunk__isnull=False).values_list("chunk", flat=True)
    own = Q(subject_type="application", subject_id=str(application))
    return own | Q(subject_type="assessment_chunk", subject_id__in=[str(chunk) for chunk in chunks])
