from __future__ import annotations

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import sources
from applications.models import Application, Client, Policy
from applications.services.assessing.computing import in_force
from applications.services.assessing.features import features_of
from applications.services.assessment import answer_requests, request_assessments
from modelling import registry
from modelling.models import ModelVersion
from modelling.scoring import Encoded, encode
from tests.factories import ApplicationFactory, BureauCreditFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed(champion: ModelVersion, policy: Policy) -> list[Application]:
    """Give three applications with their assessment."""
    applications = ApplicationFactory.create_batch(3)
    request_assessments([one.pk for one in applications])
    answer_requests([one.pk for one in applications])
    return applications


def versions() -> dict[int, int]:
    return dict(Application.objects.values_list("pk", "version"))


def read() -> tuple[Encoded, int]:
    """Give the features of all applications, and how many queries it took."""
    used, asked = in_force(), versions()
    with CaptureQueriesContext(connection) as queries:
        found = features_of(asked, used.version, used.bundle)
    return found, len(queries)


def assert_as_built(found: Encoded) -> None:
    expected = encode(in_force().bundle, sources.tables_of(list(versions())))
    assert found.client_ids.tolist() == expected.client_ids.tolist() == sorted(versions())
    np.testing.assert_array_equal(found.values, expected.values)


def test_what_an_assessment_stored_of_the_same_facts_is_not_built_again(assessed: list[Application]) -> None:
    found, queries = read()

    assert queries == 1
    assert_as_built(found)


def test_changed_facts_are_built_anew_beside_those_that_are_stored(assessed: list[Application]) -> None:
    Application.objects.filter(pk=assessed[1].pk).update(ext_source_2=0.9, version=2)

    found, queries = read()

    assert queries == 1 + 7
    assert_as_built(found)


def test_another_model_version_reads_its_own_features(assessed: list[Application], champion: ModelVersion) -> None:
    other = ModelVersion.objects.get(pk=champion.pk)
    other.pk, other.number, other.digest, other.state = None, 99, "f" * 64, ModelVersion.State.CANDIDATE
    other.save()
    asked, bundle = versions(), registry.bundle_of(champion)

    with CaptureQueriesContext(connection) as queries:
        features_of(asked, other, bundle)

    assert len(queries) == 1 + 7


def test_applications_of_one_client_are_read_together(champion: ModelVersion, policy: Policy) -> None:
    first = ApplicationFactory.create()
    ApplicationFactory.create(client=Client.objects.get(pk=first.client_id), sk_id_curr=900_000)
    BureauCreditFactory.create(client=first.client)

    found, queries = read()

    assert queries == 1 + 7
    assert_as_built(found)
