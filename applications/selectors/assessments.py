"""The assessments of one application, and the facts that were changed between them."""

from __future__ import annotations

from collections.abc import Iterable

from applications.models import Application, Assessment, AuditEvent, Kind
from applications.models.facts import shown_fields

MOST_LISTED = 30
NUMBERS = ("values", "contributions")
# What a page about a client never says of the model version: its whole training report, for one.
HEAVY = tuple(f"model_version__{column}" for column in ("features", "metrics", "parameters", "report"))


def assessments_of(application: Application) -> tuple[Assessment, ...]:
    """Return the assessments without their numbers, the newest first, at most MOST_LISTED."""
    found = application.assessments.select_related("policy", "model_version").defer(*NUMBERS, *HEAVY)
    return tuple(found.order_by("-pk")[:MOST_LISTED])


def read_whole(application: Application, numbers: Iterable[int]) -> dict[int, Assessment]:
    """Return these assessments of the application with all their numbers, by number."""
    found = application.assessments.select_related("policy", "model_version").defer(*HEAVY)
    return found.in_bulk(set(numbers))


def facts_changed(application: Application, *, after: int, until: int) -> tuple[str, ...]:
    """Return the labels of the facts changed by hand after a version and until another; a barred one is not named."""
    events = AuditEvent.objects.filter(
        kind=Kind.APPLICATION_CHANGED,
        subject_type="application",
        subject_id=str(application.pk),
        data__version__gt=after,
        data__version__lte=until,
    )
    names = {name for event in events[:MOST_LISTED] for name in event.data.get("fields", ())}
    return tuple(str(field.verbose_name) for field in shown_fields(Application) if field.name in names)
