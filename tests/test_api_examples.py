"""Every example of the documentation does what it says."""

from __future__ import annotations

import pytest

from applications.api.examples import KNOWN_APPLICATION
from applications.models import Agency, Policy, User
from modelling.models import ModelVersion
from tests.api import Ask, ask_as
from tests.api_operations import Operation, operations
from tests.crowd import crowd_of, laid_out
from tests.factories import AgencyFactory, ClientFactory
from tests.pages import assessed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_state")]


@pytest.fixture
def ask(advisor: User, agency: Agency, champion: ModelVersion, policy: Policy) -> Ask:
    """Give a caller, in an office that knows the application the examples name."""
    assessed(client=ClientFactory.create(id=KNOWN_APPLICATION), agency=agency)
    crowd_of(agency, AgencyFactory.create())
    laid_out()
    return ask_as(advisor)


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_operation_answers_its_examples(ask: Ask, operation: Operation) -> None:
    if operation.bodies is not None:
        assert operation.bodies, f"{operation} takes a body and shows no example of it"

    for body in (operation.bodies or {"nothing": None}).values():
        response = ask(operation.method, operation.address(), body)

        assert response.status_code in {200, 201, 202}, response.content
        assert str(response.status_code) in operation.answers
        if operation.template.startswith("predictions"):
            items = response.json().get("items", [response.json()])
            assert all(0 < item["probability"] < 1 for item in items)
