from __future__ import annotations

import pytest

from applications.services.numbers import next_number
from tests.factories import ApplicationFactory, ClientFactory

pytestmark = pytest.mark.django_db


def test_a_number_that_an_application_or_a_client_has_is_not_given_again() -> None:
    first = next_number()
    ApplicationFactory.create(sk_id_curr=first + 1)
    ClientFactory.create(pk=first + 2)

    assert next_number() == first + 3
