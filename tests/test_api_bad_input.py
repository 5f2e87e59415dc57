"""Whatever is wrong with a request, at every address: a problem with the right status, and nothing done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client as Browser

from applications.api.examples import KNOWN_APPLICATION
from applications.models import Application, AssessmentRequest, Policy, Scope, User
from applications.services.api_keys import create_key
from modelling.models import ModelVersion
from tests.api import assert_problem
from tests.api_operations import Operation, operations
from tests.factories import ApplicationFactory, ClientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign")]

OF_NUMBERS = [each for each in operations() if "number" in each.in_address]
WITH_BODIES = [each for each in operations() if each.bodies]
LISTS = [each for each in operations() if each.template in {"applications", "features"} and each.method == "GET"]
JSON = "application/json"


@pytest.fixture
def secret(advisor: User) -> str:
    return create_key("test", person=advisor, scopes=Scope.values, actor=None).secret


@pytest.fixture
def foreign(champion: ModelVersion, policy: Policy) -> Application:
    """Give the application the examples name, in an agency that is not the caller's."""
    return ApplicationFactory.create(client=ClientFactory.create(id=KNOWN_APPLICATION))


def sent(secret: str, operation: Operation, content: bytes = b"", *, address: str = "", **told: str) -> Any:
    """Send a request as it is. told: `kind` of the content and headers."""
    kind = told.pop("kind", JSON)
    headers = {"Authorization": f"Bearer {secret}", **told}
    place = f"/api/v1/{address or operation.address()}"
    return Browser().generic(operation.method, place, content, kind, headers=headers)


@pytest.fixture(autouse=True)
def _nothing_is_done(foreign: Application) -> Any:
    yield
    assert Application.objects.count() == 1
    assert not AssessmentRequest.objects.exists()


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_a_bad_key_opens_nothing(secret: str, operation: Operation) -> None:
    for bad in ("", "nonsense", f"{secret}x", secret.rsplit("_", 1)[0]):
        assert_problem(sent(bad, operation), 401)


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_a_method_there_is_not_and_a_form_there_is_not_are_told(secret: str, operation: Operation) -> None:
    deleted = Operation("DELETE", operation.template, operation.in_address, None, ())

    assert_problem(sent(secret, deleted), 405)
    assert_problem(sent(secret, operation, Accept="text/csv"), 406)


@pytest.mark.parametrize("operation", OF_NUMBERS, ids=str)
@pytest.mark.parametrize("number", [KNOWN_APPLICATION, 999_999_999, 10**30, "abc", "-1", "%00"])
def test_a_foreign_an_unknown_and_an_odd_number_are_not_found(
    secret: str, operation: Operation, number: object
) -> None:
    assert_problem(sent(secret, operation, address=operation.address(number=number)), 404)


@pytest.mark.parametrize("operation", LISTS, ids=str)
@pytest.mark.parametrize("query", ["surprise=1", "page=x&received_from=x", "text=%00&agency=%00"])
def test_an_odd_filter_is_named(secret: str, operation: Operation, query: str) -> None:
    problem = assert_problem(sent(secret, operation, address=f"{operation.address()}?{query}"), 400)

    assert problem["errors"]


@pytest.mark.parametrize("operation", WITH_BODIES, ids=str)
@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", JSON, 400),
        (b"\xff\xfe", JSON, 400),
        (b"", JSON, 400),
        (b"[]", JSON, 400),
        (b'"a word"', JSON, 400),
        (b"null", JSON, 400),
        (b'{"facts": NaN}', JSON, 400),
        (b'{"facts": []}', JSON, 400),
        (b'{"items": {}}', JSON, 400),
        (b'{"application": {"number": 1}}', JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415),
        (b"{" + b" " * 6_000_000 + b"}", JSON, 413),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_body_that_is_not_what_is_expected_is_told(
    secret: str, operation: Operation, content: bytes, kind: str, status: int
) -> None:
    assert_problem(sent(secret, operation, content, kind=kind), status)


@pytest.mark.parametrize("operation", WITH_BODIES, ids=str)
def test_a_field_nobody_knows_is_named(secret: str, operation: Operation) -> None:
    for body in (operation.bodies or {}).values():
        assert isinstance(body, dict)
        problem = assert_problem(sent(secret, operation, json.dumps({**body, "surprise": 1}).encode()), 400)

        assert {"/surprise"} == {fault["pointer"] for fault in problem["errors"]}
