"""What an administrator does with requests that failed: have them tried again, or give them up."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from applications import audit
from applications.models import AssessmentRequest, Kind, RequestState, User
from applications.services.assessment import request_assessments


@transaction.atomic
def failed_requests_again(numbers: Collection[int] | None = None) -> dict[str, list[int]]:
    """Let failed requests wait again, of these applications or all; returns their numbers by queue.

    The caller enqueues them.
    """
    failed = _failed(numbers).select_for_update(of=("self",)).values_list("pk", "queue")
    by_queue: dict[str, list[int]] = {}
    for number, queue in failed:
        by_queue.setdefault(queue, []).append(number)
    for queue, again in by_queue.items():
        request_assessments(again, queue=queue)
    return by_queue


@transaction.atomic
def drop_failed_requests(numbers: Collection[int], *, actor: User) -> int:
    """Give failed requests up; returns how many. Their applications can be assessed when somebody asks anew."""
    dropped = list(_failed(numbers).select_for_update(of=("self",)))
    AssessmentRequest.objects.filter(pk__in=[request.pk for request in dropped]).delete()
    audit.record_many(
        audit.Entry(Kind.REQUEST_DROPPED, ("application", request.pk), actor=actor, data={"failure": request.failure})
        for request in dropped
    )
    return len(dropped)


def _failed(numbers: Collection[int] | None) -> QuerySet[AssessmentRequest]:
    failed = AssessmentRequest.objects.filter(state=RequestState.FAILED).order_by("pk")
    return failed if numbers is None else failed.filter(pk__in=numbers)
