"""Cancelling requests that nobody has answered yet, whatever messages still carry them and whoever is at them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from applications import audit
from applications.models import AssessmentRequest, Kind, RequestState, User
from applications.services.assessing.storing import lock_applications

_OPEN = (RequestState.QUEUED, RequestState.RUNNING)


@transaction.atomic
def cancel_requests(numbers: Collection[int] | None = None, *, queue: str = "", actor: User) -> int:
    """Cancel the open requests of these applications, or all those of a queue; returns how many.

    Waits for whoever stores an answer to one of them just now: that one was answered. What is computed for the others
    is dropped. Their applications can be assessed when somebody asks anew.
    """
    requests = AssessmentRequest.objects.filter(state__in=_OPEN)
    asked = requests.filter(queue=queue) if numbers is None else requests.filter(pk__in=numbers)
    lock_applications(asked.values_list("pk", flat=True))
    still_open = asked.select_for_update(of=("self",)).order_by("pk")
    cancelled = list(still_open.values_list("pk", "state"))
    AssessmentRequest.objects.filter(pk__in=[number for number, _ in cancelled]).update(
        state=RequestState.CANCELLED, started_at=None, backend_pid=None
    )
    audit.record_many(
        audit.Entry(Kind.REQUEST_CANCELLED, ("application", number), actor=actor, data={"state": state})
        for number, state in cancelled
    )
    return len(cancelled)
