from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from applications import sources
from applications.models import (
    Application,
    Assessment,
    AssessmentRequest,
    AuditEvent,
    Failure,
    Kind,
    Policy,
    RequestState,
    Stage,
)
from applications.models.assessment import pack, unpack
from applications.services.assessing import computing
from applications.services.assessing.computing import Answer, InForce
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
    compute = computing.compute

    def compute_while_facts_change(versions: Mapping[int, int], used: InForce) -> list[Answer]:
        result = compute(versions, used)
        Application.objects.filter(pk=asked.pk).update(version=2)
        request_assessments([asked.pk])
        return result

    monkeypatch.setattr(computing, "compute", compute_while_facts_change)

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
    assert request.failure == Failure.NO_MODEL_VERSION
    assert AuditEvent.objects.filter(kind=Kind.ASSESSMENT_FAILED).count() == 1


def test_without_a_policy_the_request_fails_with_a_sentence(champion: ModelVersion) -> None:
    application = ApplicationFactory.create()
    request_assessments([application.pk])

    assert answer_requests([application.pk]) == 0
    assert AssessmentRequest.objects.get().failure == Failure.NO_POLICY


def test_a_bundle_changed_on_disk_fails_the_request_by_name(asked: Application, champion: ModelVersion) -> None:
    ModelVersion.objects.update(digest="f" * 64)

    assert answer_requests([asked.pk]) == 0
    request = AssessmentRequest.objects.get()
    assert (request.state, request.failure) == (RequestState.FAILED, Failure.BUNDLE)
    assert champion.bundle_path in request.failure_facts["detail"]


def test_a_request_that_never_finishes_is_given_up(asked: Application) -> None:
    AssessmentRequest.objects.update(attempts=GIVE_UP_AFTER_ATTEMPTS)

    assert answer_requests([asked.pk]) == 0
    request = AssessmentRequest.objects.get()
    assert request.state == RequestState.FAILED
    assert (request.failure, request.failure_facts) == (Failure.GAVE_UP, {"attempts": GIVE_UP_AFTER_ATTEMPTS})


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

    assert answer_requests([good.pk, bad.pk]) == 1

    assert Assessment.objects.get().application_id == good.pk
    request = AssessmentRequest.objects.get()
    assert (request.application_id, request.state) == (bad.pk, RequestState.FAILED)
    assert (request.failure, request.failure_facts) == (Failure.UNFORESEEN, {"error": "ZeroDivisionError"})


def test_one_that_cannot_be_stored_fails_by_name_and_does_not_hold_up_the_others(
    champion: ModelVersion, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = ApplicationFactory.create_batch(2)
    request_assessments([good.pk, bad.pk])
    compute = computing.compute

    def compute_nonsense_for_the_bad_one(versions: Mapping[int, int], used: InForce) -> list[Answer]:
        answers = compute(versions, used)
        return [answer._replace(probability=2.0) if answer.application == bad.pk else answer for answer in answers]

    monkeypatch.setattr(computing, "compute", compute_nonsense_for_the_bad_one)

    assert answer_requests([good.pk, bad.pk]) == 1

    assert Assessment.objects.get().application_id == good.pk
    request = AssessmentRequest.objects.get()
    assert (request.failure, request.failure_facts) == (Failure.UNFORESEEN, {"error": "IntegrityError"})


def test_a_request_whose_time_is_up_waits_again_at_once(asked: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def never_end(versions: Mapping[int, int], used: InForce) -> list[Answer]:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(computing, "compute", never_end)

    with pytest.raises(SoftTimeLimitExceeded):
        answer_requests([asked.pk])

    request = AssessmentRequest.objects.get()
    assert (request.state, request.attempts) == (RequestState.QUEUED, 1)


def test_who_works_for_one_person_takes_along_what_waits_for_others(champion: ModelVersion, policy: Policy) -> None:
    mine, theirs, broken_off, the_books = ApplicationFactory.create_batch(4)
    request_assessments([mine.pk, theirs.pk, broken_off.pk])
    AssessmentRequest.objects.filter(pk=broken_off.pk).update(attempts=1)
    request_assessments([the_books.pk], queue="book")

    assert answer_requests([mine.pk]) == 2
    left = AssessmentRequest.objects.order_by("pk").values_list("pk", flat=True)
    assert sorted(left) == sorted([broken_off.pk, the_books.pk])


def test_a_request_that_another_living_worker_holds_is_left_to_it(asked: Application) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        another = cursor.fetchone()[0]
    AssessmentRequest.objects.update(state=RequestState.RUNNING, backend_pid=another)

    assert answer_requests([asked.pk]) == 0

    AssessmentRequest.objects.update(backend_pid=2**31 - 1)  # nobody: that worker died
    assert answer_requests([asked.pk]) == 1


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

    one, other = pack(np.stack((numbers, -numbers)))
    assert np.array_equal(unpack(one), numbers, equal_nan=True)
    assert np.array_equal(unpack(memoryview(other)), -numbers, equal_nan=True)
    assert np.array_equal(unpack(zlib.compress(numbers.tobytes(), level=1)), numbers, equal_nan=True)
