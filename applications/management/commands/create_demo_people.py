"""Create one person per role, with random passwords, for a demonstration."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from applications.models import Agency, Role, User
from applications.services.people import create_person

NAMES = {
    Role.ADVISOR: "conseil",
    Role.ANALYST: "analyste",
    Role.MANAGER: "responsable",
    Role.AUDITOR: "audit",
    Role.ADMIN: "admin",
}


class Command(BaseCommand):
    """Create the demonstration's people."""

    help = "Create one person per role with a random password, kept in demo_people.txt (mode 600) in the state folder."

    def handle(self, *args: Any, **options: Any) -> None:
        if not Agency.objects.exists():
            raise CommandError("There is no agency for an advisor to belong to yet: import the applications first.")
        lines = _create_missing()
        if not lines:
            self.stdout.write(f"The people of the demonstration exist; their passwords are in {_file()}.")
            return
        self.stdout.write("\n".join([*lines, f"{len(lines)} people created; passwords kept in {_file()}."]))


def _file() -> Path:
    return settings.STATE_DIR / "demo_people.txt"


@transaction.atomic
def _create_missing() -> list[str]:
    """Create who is missing; the passwords are on disk before the people are committed."""
    known = set(User.objects.values_list("username", flat=True))
    passwords = {role: secrets.token_urlsafe(12) for role, name in NAMES.items() if name not in known}
    lines = [f"{role:8} {NAMES[role]:12} {password}" for role, password in passwords.items()]
    _keep(lines)
    for role, password in passwords.items():
        agency = Agency.objects.order_by("pk").first() if role == Role.ADVISOR else None
        create_person(NAMES[role], password=password, role=role, agency=agency)
    return lines


def _keep(lines: list[str]) -> None:
    descriptor = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a") as file:
        file.writelines(f"{line}\n" for line in lines)
