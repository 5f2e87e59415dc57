"""What the tests of the API share: a caller with a key, and what a problem looks like."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.test import Client as Browser

from applications.models import (
    Scope,
    User,
)
from applications.services.api_keys import create_key

FACTS = {
    "name_contract_type": "Cash loans",
    "amt_income_total": 202500,
    "amt_credit": 406597.5,
    "amt_annuity": 24700.5,
    "days_birth": -9461,
}
Ask = Callable[..., Any]


def caller(secret: str) -> Ask:
    """Give a function that asks the API with a key: method, address under /api/v1/, body."""

    def ask(method: str, address: str, body: object = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {secret}", **{name.replace("_", "-"): word for name, word in headers.items()}}
        content = json.dumps(body) if body is not None else ""
        return Browser().generic(method, f"/api/v1/{address}", content, "application/json", headers=sent)

    return ask


def ask_as(person: User, *scopes: str) -> Ask:
    return caller(create_key("test", person=person, scopes=scopes or Scope.values, actor=None).secret)


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.content)
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-ID"]
    return problem
