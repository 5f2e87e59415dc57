from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from applications import sources
from applications.models import (
    Application,
    Assessment,
    AssessmentRequest,
    AuditEvent,
    Kind,
    Policy,
    RequestState,
    Stage,
)
from applications.models.assessment import pack, unpack
from applications.services import assessment as service
from applications.services.assessment import GIVE_UP_AFTER_ATTEMPTS, answer_requests, request_assessments
from modelling.features.tables import Tables
from modelling.models import ModelVersion
from tests.factories import ApplicationFactory, BureauCreditFactory, ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(champion: ModelVersion, policy: Policy) -> Application:
    """Give an application that asks for an assessment, with everything in force to make one."""
    application = ApplicationFactory.create()
    request_assessments([application.pk])
    return application


def test_a_request_ends_in_one_assessment_with_its_audit_event(asked: Application) -> None:
    assert answer_requests([asked.pk]) == 1

    assessment = Assessment.objects.get()
    asked.refresh_from_db()
    event = AuditEvent.objects.get(kind=Kind.ASSESSMENT_MADE)
    assert asked.current_assessment == assessment
    assert asked.stage == Stage.TO_DECIDE
    assert not AssessmentRequest.objects.exists()
    assert (event.subject_type, event.subject_id) == ("application", str(asked.pk))
    assert event.data["probability"] == assessment.probability


def test_a_task_delivered_twice_has_one_effect(asked: Application) -> None:
    answer_requests([asked.pk])

    assert answer_requests([asked.pk]) == 0
    assert Assessment.objects.count() == 1
    assert AuditEvent.objects.filter(kind=Kind.ASSESSMENT_MADE).count() == 1


def test_the_same_question_asked_again_keeps_its_first_answer(asked: Application) -> None:
    answer_requests([asked.pk])
    request_assessments([asked.pk])

    assert answer_requests([asked.pk]) == 0
    assert Assessment.objects.count() == 1
    assert not AssessmentRequest.objects.exists()


def test_the_database_refuses_a_second_answer_to_one_question(asked: Application) -> None:
    answer_requests([asked.pk])
    again = Assessment.objects.get()
    again.pk = None

    with pytest.raises(DatabaseError, match="one_assessment_per_question"), transaction.atomic():
        again.save(force_insert=True)


def test_contributions_sum_to_the_probability_shown(asked: Application) -> None:
    answer_requests([asked.pk])

    assessment = Assessment.objects.get()
    log_odds = assessment.base + unpack(assessment.contributions).astype(float).sum()
    assert 1 / (1 + np.exp(-log_odds)) == pytest.approx(assessment.probability, rel=1e-5)


def test_the_recommendation_is_the_policys(asked: Application, policy: Policy) -> None:
    answer_requests([asked.pk])

    assessment = Assessment.objects.get()
    assert assessment.recommendation == policy.recommend(assessment.probability)


def test_reasons_name_features_of_the_model_version(asked: Application, champion: ModelVersion) -> None:
    answer_requests([asked.pk])

    said = Assessment.objects.get().reasons
    assert said["raising"] or said["lowering"]
    assert {reason["feature"] for reason in said["raising"] + said["lowering"]} <= set(champion.features)
    assert all(reason["contribution"] > 0 for reason in said["raising"])
    assert all(reason["contribution"] < 0 for reason in said["lowering"])


def test_an_answer_about_older_facts_is_dropped(asked: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    compute = service._compute

    def compute_while_facts_change(batch: Mapping[int, int], in_force: service.InForce) -> list[Assessment]:
        result = compute(batch, in_force)
        Application.objects.filter(pk=asked.pk).update(version=2)
        request_assessments([asked.pk])
        return result

    monkeypatch.setattr(service, "_compute", compute_while_facts_change)

    assert answer_requests([asked.pk]) == 0
    assert not Assessment.objects.exists()
    request = AssessmentRequest.objects.get()
    assert (request.state, request.application_version) == (RequestState.QUEUED, 2)


def test_changed_facts_get_an_assessment_of_their_own(asked: Application) -> None:
    answer_requests([asked.pk])
    Application.objects.filter(pk=asked.pk).update(version=2, ext_source_2=0.9)
    request_assessments([asked.pk])

    assert answer_requests([asked.pk]) == 1
    old, new = Assessment.objects.order_by("application_version")
    assert new.probability < old.probability
    asked.refresh_from_db()
    assert asked.current_assessment == new


def test_without_a_champion_the_request_fails_with_a_sentence(policy: Policy) -> None:
    application = ApplicationFactory.create()
    request_assessments([application.pk])

    assert answer_requests([application.pk]) == 0

    request = AssessmentRequest.objects.get()
    assert request.state == RequestState.FAILED
    assert "No model version is in force" in request.error
    assert AuditEvent.objects.filter(kind=Kind.ASSESSMENT_FAILED).count() == 1


def test_without_a_policy_the_request_fails_with_a_sentence(champion: ModelVersion) -> None:
    application = ApplicationFactory.create()
    request_assessments([application.pk])

    assert answer_requests([application.pk]) == 0
    assert "No policy is in force" in AssessmentRequest.objects.get().error


def test_a_bundle_changed_on_disk_fails_the_request_by_name(asked: Application, champion: ModelVersion) -> None:
    ModelVersion.objects.update(digest="f" * 64)

    assert answer_requests([asked.pk]) == 0
    assert AssessmentRequest.objects.get().state == RequestState.FAILED
    assert champion.bundle_path in AssessmentRequest.objects.get().error


@pytest.mark.parametrize(("present", "missing"), [("policy", "model version"), ("champion", "policy")])
def test_the_book_is_not_queued_without_a_champion_and_a_policy(
    request: pytest.FixtureRequest, present: str, missing: str
) -> None:
    request.getfixturevalue(present)

    with pytest.raises(CommandError, match=f"No {missing} is in force"):
        call_command("assess_all")


def test_a_request_that_never_finishes_is_given_up(asked: Application) -> None:
    AssessmentRequest.objects.update(attempts=GIVE_UP_AFTER_ATTEMPTS)

    assert answer_requests([asked.pk]) == 0
    request = AssessmentRequest.objects.get()
    assert request.state == RequestState.FAILED
    assert "Gave up" in request.error


def test_one_bad_file_does_not_fail_its_neighbours(
    champion: ModelVersion, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = ApplicationFactory.create_batch(2)
    request_assessments([good.pk, bad.pk])
    tables_of = sources.tables_of

    def break_on_the_bad_one(numbers: Sequence[int]) -> Tables:
        if bad.pk in numbers:
            raise ZeroDivisionError
        return tables_of(numbers)

    monkeypatch.setattr(sources, "tables_of", break_on_the_bad_one)

    with pytest.raises(ExceptionGroup, match="1 of 2"):
        answer_requests([good.pk, bad.pk])

    assert Assessment.objects.get().application_id == good.pk
    assert AssessmentRequest.objects.get().error.startswith("Unexpected ZeroDivisionError")


def test_two_applications_of_one_client_are_both_assessed(champion: ModelVersion, policy: Policy) -> None:
    client = ClientFactory.create()
    BureauCreditFactory.create(client=client)
    first = ApplicationFactory.create(client=client)
    second = ApplicationFactory.create(client=client, sk_id_curr=900_001)
    request_assessments([first.pk, second.pk])

    assert answer_requests([first.pk, second.pk]) == 2


def test_many_applications_take_as_many_queries_as_few(champion: ModelVersion, policy: Policy) -> None:
    def queries(count: int) -> int:
        numbers = [application.pk for application in ApplicationFactory.create_batch(count)]
        request_assessments(numbers)
        with CaptureQueriesContext(connection) as captured:
            answer_requests(numbers)
        return len(captured)

    answer_requests([0])
    assert queries(2) == queries(12)


def test_an_assessment_is_never_changed(asked: Application) -> None:
    answer_requests([asked.pk])

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Assessment.objects.update(probability=0.5)


def test_numbers_come_back_as_they_were_packed() -> None:
    numbers = np.array([0.1, np.nan, -3.5, 0.0], dtype=np.float32)

    assert np.array_equal(unpack(pack(numbers)), numbers, equal_nan=True)
