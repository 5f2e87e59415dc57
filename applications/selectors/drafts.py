"""The drafts of new applications a person keeps; nobody else's."""

from __future__ import annotations

from applications.access import Person, visible_applications, visible_drafts
from applications.models import Application, Draft


def draft_of(person: Person, number: int) -> Draft | None:
    """Return this draft of the person's; None when there is none, or of a client he may not see any more."""
    draft = visible_drafts(person).filter(pk=number).first()
    if draft and draft.client_id and newest_application(person, draft.client_id) is None:
        return None
    return draft


def newest_application(person: Person, client_id: int) -> Application | None:
    """Return the newest application of a client among those the person may see."""
    found = visible_applications(person).filter(client=client_id)
    return found.order_by("-received_on", "-pk").first()
