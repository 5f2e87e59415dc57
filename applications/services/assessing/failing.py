"""Requests that cannot be answered, kept with the reason for a person to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from applications import audit
from applications.errors import NoPolicyError, UnknownApplicationError
from applications.models import AssessmentRequest, Failure, Kind, RequestState
from modelling.errors import (
    AdditivityError,
    BundleError,
    ModellingError,
    TableSchemaError,
    UnfitBundleError,
    UnknownModelVersionError,
)

LONGEST_DETAIL = 500


@dataclass(frozen=True)
class Reason:
    """Why a request failed. facts: what its sentence names, and `detail`, what was wrong in the words of the error."""

    failure: Failure
    facts: Mapping[str, object] = field(default_factory=dict)


_FAILURES: Mapping[type[Exception], Failure] = {
    UnknownModelVersionError: Failure.NO_MODEL_VERSION,
    NoPolicyError: Failure.NO_POLICY,
    UnfitBundleError: Failure.LAB,  # its files are the right ones
    BundleError: Failure.BUNDLE,
    AdditivityError: Failure.ADDITIVITY,
    TableSchemaError: Failure.FACTS,
    UnknownApplicationError: Failure.GONE,
    ModellingError: Failure.LAB,
}


def reason_of(error: Exception) -> Reason:
    """Give the reason an error tells; of one nobody foresaw only its kind, as its text may name a person."""
    for kind, failure in _FAILURES.items():
        if isinstance(error, kind):
            return Reason(failure, {"detail": str(error)[:LONGEST_DETAIL]})
    return Reason(Failure.UNFORESEEN, {"error": type(error).__name__})


@transaction.atomic
def mark_failed(applications: Sequence[int], reason: Reason) -> None:
    """Mark the requests of these applications as failed, until a person asks again; what is cancelled stays so."""
    open_ones = AssessmentRequest.objects.filter(pk__in=applications).exclude(state=RequestState.CANCELLED)
    numbers = list(open_ones.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    AssessmentRequest.objects.filter(pk__in=numbers).update(
        state=RequestState.FAILED, failure=reason.failure, failure_facts=dict(reason.facts)
    )
    data = {"failure": reason.failure.value, **reason.facts}
    audit.record_many(audit.Entry(Kind.ASSESSMENT_FAILED, ("application", number), data=data) for number in numbers)
