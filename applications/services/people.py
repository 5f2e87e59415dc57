"""Creating the people who work with the product."""

from __future__ import annotations

from django.db import transaction

from applications import audit
from applications.models import Agency, Kind, Role, User


@transaction.atomic
def create_person(username: str, *, password: str, role: Role, agency: Agency | None = None) -> User:
    """Create a person with a role; an administrator may enter the Django admin."""
    is_admin = role == Role.ADMIN
    person = User(username=username, role=role, agency=agency, is_staff=is_admin, is_superuser=is_admin)
    person.set_password(password)
    person.full_clean()
    person.save()
    audit.record(Kind.PERSON_CREATED, actor=None, subject=person, data={"role": role})
    return person
