"""The schema tells the truth: whatever it allows is answered as it says, and never by a 5xx."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from pytest_django.live_server_helper import LiveServer
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from applications.models import Agency, Policy, Scope, User
from applications.services.api_keys import create_key
from modelling.models import ModelVersion
from tests.crowd import laid_out
from tests.pages import assessed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EXAMPLES = 8  # an operation
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture
def secret(
    transactional_db: None,
    empty_state: None,
    advisor: User,
    agency: Agency,
    champion: ModelVersion,
    policy: Policy,
) -> str:
    """Give the key of a site in which one application may be read, and compared with itself."""
    assessed(agency=agency)
    laid_out()
    return create_key("schema", person=advisor, scopes=Scope.values, actor=None).secret


@pytest.fixture
def api_schema(secret: str, live_server: LiveServer) -> Any:
    headers = {**_headers(secret), "Accept": "application/vnd.oai.openapi+json"}
    return schemathesis.openapi.from_url(f"{live_server.url}/api/v1/schema", headers=headers)


def test_every_answer_is_one_the_schema_tells_of(api_schema: Any, secret: str) -> None:
    """Try every operation by requests the schema allows and some it does not."""
    for found in api_schema.get_all_operations():
        _try_out(found.ok(), _headers(secret))


def _headers(secret: str) -> dict[str, str]:
    """Give the key; a connection kept open would keep its thread of the site, and that one's in the database."""
    return {"Authorization": f"Bearer {secret}", "Connection": "close"}


def _try_out(operation: Any, headers: dict[str, str]) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def answered_as_told(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    answered_as_told()


def test_the_schema_is_openapi_31(advisor: User, client: Browser) -> None:
    client.force_login(advisor, backend="django.contrib.auth.backends.ModelBackend")

    told = client.get("/api/v1/schema", headers={"Accept": "application/vnd.oai.openapi+json"}).json()

    assert told["openapi"] == "3.1.0"
    assert len(told["paths"]) >= 11
