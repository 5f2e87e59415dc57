"""Whether an application has an assessment that counts, is waiting for one, or needs one."""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import ObjectDoesNotExist

from applications.models import Application, AssessmentRequest, RequestState


class AssessmentState(StrEnum):
    """How an application stands towards its assessment."""

    NONE = "none"  # never assessed, and nobody asked
    QUEUED = "queued"
    RUNNING = "running"
    FAILED = "failed"
    CANCELLED = "cancelled"  # never assessed, and whoever asked was stopped
    STALE = "stale"  # assessed before the facts changed, and nobody asked again
    CURRENT = "current"

    @property
    def is_waiting(self) -> bool:
        """Tell whether a worker has still to answer."""
        return self in {AssessmentState.QUEUED, AssessmentState.RUNNING}


_OF_REQUEST = {
    RequestState.QUEUED: AssessmentState.QUEUED,
    RequestState.RUNNING: AssessmentState.RUNNING,
    RequestState.FAILED: AssessmentState.FAILED,
}


def assessment_state(application: Application) -> AssessmentState:
    """Return the state; an open request says more than the assessment before it, a cancelled one less.

    Queries nothing when the application came with its request and current assessment (`select_related`).
    """
    request = open_request(application)
    is_cancelled = request is not None and request.state == RequestState.CANCELLED
    if request is not None and not is_cancelled:
        return _OF_REQUEST[RequestState(request.state)]
    if application.current_assessment is None:
        return AssessmentState.CANCELLED if is_cancelled else AssessmentState.NONE
    is_stale = application.current_assessment.application_version < application.version
    return AssessmentState.STALE if is_stale else AssessmentState.CURRENT


def open_request(application: Application) -> AssessmentRequest | None:
    """Return the request that has no answer, if there is one."""
    try:
        request: AssessmentRequest = application.assessment_request
    except ObjectDoesNotExist:
        return None
    return request
