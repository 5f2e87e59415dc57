"""The demonstration's people: one a role, their passwords in a file, all of them or none."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import HttpRequest

from applications.models import Agency, Role, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_state")]


def test_each_role_has_a_person_whose_password_is_in_the_file(agency: Agency) -> None:
    call_command("create_demo_people", stdout=StringIO())

    lines = [line.split() for line in (settings.STATE_DIR / "demo_people.txt").read_text().splitlines()]
    assert sorted(role for role, _, _ in lines) == sorted(Role.values)
    for role, name, password in lines:
        found = authenticate(HttpRequest(), username=name, password=password)
        assert isinstance(found, User)
        assert found.role == role


def test_a_second_time_nobody_is_made_twice(agency: Agency) -> None:
    call_command("create_demo_people", stdout=StringIO())
    out = StringIO()

    call_command("create_demo_people", stdout=out)

    assert re.search(r"exist; their passwords are in .*demo_people\.txt", out.getvalue())
    assert User.objects.count() == len(Role)


def test_without_an_agency_nobody_is_made_and_no_password_written() -> None:
    with pytest.raises(CommandError, match="import the applications first"):
        call_command("create_demo_people")

    assert not (settings.STATE_DIR / "demo_people.txt").exists()
    assert not User.objects.exists()
