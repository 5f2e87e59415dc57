"""Assessing: from a request to one stored probability with its explanation, however often the task is delivered.

Requests are rows. A task claims the rows it is given, computes outside any transaction, then stores assessments,
audit events and the applications' new stage in one transaction that also deletes the requests it answered.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.db.models import Case, F, Func, IntegerField, OuterRef, Subquery, Value, When
from django.utils import timezone

from applications import audit, sources
from applications.errors import NoPolicyError
from applications.models import (
    Application,
    Assessment,
    AssessmentRequest,
    Kind,
    Policy,
    Purpose,
    RequestState,
    Stage,
)
from applications.models.assessment import pack
from applications.services.policies import policy_in_force
from modelling import registry
from modelling.bundle import Bundle
from modelling.errors import ModellingError
from modelling.explanation import Explained, Reason, explain, reasons
from modelling.models import ModelVersion
from modelling.scoring import Scored, score

logger = logging.getLogger(__name__)

GIVE_UP_AFTER_ATTEMPTS = 5


@dataclass(frozen=True)
class InForce:
    """What an assessment is made with."""

    version: ModelVersion
    bundle: Bundle
    policy: Policy


def request_assessments(
    application_ids: Sequence[int], *, purpose: Purpose = Purpose.ADVICE, queue: str = "interactive"
) -> int:
    """Write down that these applications, as they are now, want an assessment; returns how many.

    An open request is renewed: whatever was computed for older facts is then dropped.
    """
    now = timezone.now()
    found = Application.objects.filter(pk__in=application_ids).values_list("pk", "version")
    requests = [
        AssessmentRequest(
            application_id=number, application_version=version, purpose=purpose, queue=queue, enqueued_at=now
        )
        for number, version in found
    ]
    AssessmentRequest.objects.bulk_create(
        requests,
        update_conflicts=True,
        unique_fields=["application"],
        update_fields=[
            "application_version", "purpose", "queue", "state", "attempts", "enqueued_at", "started_at", "backend_pid",
            "error",
        ],
    )  # fmt: skip
    return len(requests)


def answer_requests(application_ids: Sequence[int]) -> int:
    """Assess those of these applications that still ask for it; returns how many assessments were stored.

    Safe to call twice, or at once in two workers. One that cannot be assessed is marked failed with a sentence
    and does not hold up the others.
    """
    claimed = _claim(application_ids)
    if not claimed:
        return 0
    try:
        in_force = _in_force()
    except (ModellingError, NoPolicyError) as error:
        _mark_failed(sorted(claimed), str(error))
        return 0
    return sum(_answer(batch, in_force) for batch in _one_application_per_client(claimed))


def _claim(application_ids: Sequence[int]) -> dict[int, int]:
    """Mark requests as running; returns the application version each asks about, by application number."""
    open_requests = AssessmentRequest.objects.filter(pk__in=application_ids).exclude(state=RequestState.FAILED)
    open_requests.update(
        state=RequestState.RUNNING,
        started_at=timezone.now(),
        attempts=F("attempts") + 1,
        backend_pid=Func(function="pg_backend_pid", output_field=IntegerField()),
    )
    exhausted = open_requests.filter(attempts__gt=GIVE_UP_AFTER_ATTEMPTS).values_list("pk", flat=True)
    _mark_failed(list(exhausted), f"Gave up after {GIVE_UP_AFTER_ATTEMPTS} attempts that did not finish.")
    return dict(open_requests.values_list("pk", "application_version"))


def _in_force() -> InForce:
    version = registry.champion()
    return InForce(version, registry.bundle_of(version), policy_in_force())


def _one_application_per_client(claimed: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Split into batches in which no client appears twice, as the tables of the lab need it."""
    client_of = dict(Application.objects.filter(pk__in=claimed).values_list("pk", "client_id"))
    left = dict(claimed)
    while left:
        by_client = {client_of[number]: number for number in left}
        batch = {number: left.pop(number) for number in by_client.values()}
        yield batch


def _answer(batch: Mapping[int, int], in_force: InForce) -> int:
    try:
        assessments = _compute(batch, in_force)
    except OperationalError:
        raise  # the database is away: the task comes again
    except Exception as error:
        if len(batch) == 1:
            _mark_failed(list(batch), _sentence(error))
            raise
        logger.exception("%d applications could not be assessed together; each again on its own", len(batch))
        return _answer_one_by_one(batch, in_force)
    return _store(assessments, in_force)


def _answer_one_by_one(batch: Mapping[int, int], in_force: InForce) -> int:
    """Keep one bad file from failing its neighbours; raises what went wrong once all had their turn."""
    stored, errors = 0, []
    for number, version in batch.items():
        try:
            stored += _answer({number: version}, in_force)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001  raised below with the others
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{len(errors)} of {len(batch)} applications could not be assessed", errors)
    return stored


def _sentence(error: Exception) -> str:
    if isinstance(error, ModellingError):
        return str(error)
    return f"Unexpected {type(error).__name__}; the log of the workers has the details."


def _compute(batch: Mapping[int, int], in_force: InForce) -> list[Assessment]:
    scored = score(in_force.bundle, sources.tables_of(list(batch)))
    explained = explain(in_force.bundle, scored)
    return [
        _assessment(row, batch[int(number)], scored, explained, in_force)
        for row, number in enumerate(scored.client_ids)
    ]


def _assessment(row: int, application_version: int, scored: Scored, explained: Explained, used: InForce) -> Assessment:
    probability = float(scored.probability[row])
    said = reasons(used.bundle, scored.values[row], explained.contributions[row])
    return Assessment(
        application_id=int(scored.client_ids[row]),
        application_version=application_version,
        model_version=used.version,
        policy=used.policy,
        probability=probability,
        recommendation=used.policy.recommend(probability),
        risk_level=used.policy.risk_level(probability),
        base=explained.base,
        values=pack(scored.values[row]),
        contributions=pack(explained.contributions[row]),
        reasons={
            "raising": [_said(reason) for reason in said.raising],
            "lowering": [_said(reason) for reason in said.lowering],
        },
    )


def _said(reason: Reason) -> dict[str, object]:
    return {"feature": reason.feature, "contribution": round(reason.contribution, 6)}


@transaction.atomic
def _store(assessments: Sequence[Assessment], in_force: InForce) -> int:
    """Store what still answers an open request; the rest was answered elsewhere or is about older facts."""
    numbers = sorted(assessment.application_id for assessment in assessments)
    _lock_applications(numbers)
    requests = AssessmentRequest.objects.in_bulk(numbers)
    wanted = [a for a in assessments if _is_wanted(a, requests.get(a.application_id))]
    for assessment in wanted:
        assessment.purpose = requests[assessment.application_id].purpose
    known = _already_stored(wanted, in_force)
    new = [assessment for assessment in wanted if _question(assessment) not in known]
    Assessment.objects.bulk_create(new)
    _move_on([assessment.pk for assessment in new] + list(known.values()))
    AssessmentRequest.objects.filter(pk__in=[assessment.application_id for assessment in wanted]).delete()
    audit.record_many(audit.Entry(Kind.ASSESSMENT_MADE, ("application", a.application_id), data=_facts(a)) for a in new)
    return len(new)


def _lock_applications(numbers: Sequence[int]) -> None:
    """Make every other writer of these applications wait; always in the order of their numbers, so none deadlocks."""
    list(Application.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk"))


def _is_wanted(assessment: Assessment, request: AssessmentRequest | None) -> bool:
    return request is not None and request.application_version == assessment.application_version


def _question(assessment: Assessment) -> tuple[int, int, str]:
    return assessment.application_id, assessment.application_version, assessment.purpose


def _already_stored(wanted: Sequence[Assessment], used: InForce) -> dict[tuple[int, int, str], int]:
    """Give the assessments that answer these very questions, by question."""
    questions = {_question(assessment) for assessment in wanted}
    stored = Assessment.objects.filter(
        application_id__in=[number for number, _, _ in questions], model_version=used.version, policy=used.policy
    ).values_list("application_id", "application_version", "purpose", "pk")
    answers = {(number, version, purpose): pk for number, version, purpose, pk in stored}
    return {question: answers[question] for question in questions & answers.keys()}


def _move_on(assessment_ids: Sequence[int]) -> None:
    """Point each application to its assessment; what was not yet decided is now to be decided."""
    answer = Assessment.objects.filter(pk__in=assessment_ids, application=OuterRef("pk")).values("pk")[:1]
    Application.objects.filter(assessments__in=assessment_ids).update(
        current_assessment_id=Subquery(answer),
        stage=Case(When(stage=Stage.TO_ASSESS, then=Value(Stage.TO_DECIDE)), default=F("stage")),
    )


def _facts(assessment: Assessment) -> dict[str, object]:
    return {
        "assessment": assessment.pk,
        "application_version": assessment.application_version,
        "model_version": assessment.model_version.number,
        "policy": assessment.policy_id,
        "purpose": assessment.purpose,
        "probability": assessment.probability,
        "recommendation": assessment.recommendation,
    }


@transaction.atomic
def _mark_failed(application_ids: Sequence[int], sentence: str) -> None:
    if not application_ids:
        return
    AssessmentRequest.objects.filter(pk__in=application_ids).update(state=RequestState.FAILED, error=sentence[:500])
    audit.record_many(
        audit.Entry(Kind.ASSESSMENT_FAILED, ("application", number), data={"error": sentence[:500]})
        for number in application_ids
    )
